/** How often two bytes stand beside each other in program text: what makes one window rarer than another. */

/** How many classes of case-folded bytes are told apart: 0x20–0x3f, 0x60–0x7f, and everything beyond ASCII as one. */
const classes = 65;
const otherClass = classes - 1;

/**
 * Shares of pairs, one row for each first byte, as thirds of their negative binary logarithm, from `#` up without the
 * backslash. Measured on 24 MB of JavaScript, TypeScript, JSON, YAML and Markdown from some hundred public packages.
 */
const measured = [
  '/E=NHQD?<J;BZCI@BBEGHKJOILFWE:FF=:=:><<BB:GE?><<<L;:8@??KHH:?=PEI',
  'VRWe[isVO_TecW^YKLssssssssga_Ekn^RVRTRS]VN^ZRUPSR]RQMXXY_abRYb_Xn',
  'ERKOMXQPMBHP@PGMNNNOPQUURTBESOJMMHJGIHIMKIORIIIKIUHGGJMOSTTNKFMPT',
  'GZXF_hcY`dSnk`bQ[TXWZ]ZY]]hgsss_`VXRTOTXXQdeOVWVRcNRUV[YdhnUa]kZg',
  'UiWeUWUTUU^a]bUQbIOQVV^]V[bccXebY[aT[WX__]ne`gZ]^iWWWcb^esQFY]eYk',
  'PiWeVVVT[__ddiadcaU[Z^Z`e^k_`ahebbhdX]_khaZkdnh_sssUassssesdacggs',
  'DRT[VWCXLaN`f`ea[[a`bdVkneskeWch_W]XWS]W]Y^^V]OY[]WXOY]][^be`ee`i',
  'FWPOQTWLTBGUCPGORQTXWYZ[XYKHW[LWMKLKLKKRLMTTMNKOLYLGIJSNUWYOLKXWX',
  'TGDNQY[BG?HUdSMLIKNQRUUYUT_QTaeGKEHCFCFMGDPKGHDEBSECAKGMNRPEKeZLc',
  ';TH^R]OQH9>QBVDHUW^[_`_`^[C<RLTLILLDNKKPREYVINNMJ[EJFSNQ^Z_EHBeQg',
  '4UQHSaYQO;9V[JO?[TZ^_a`befPbKTKVGKOEKEETUGZWNMPPL_NMGTIR_UcMLAbRU',
  'ChOsVchWSLQHUR_UYPSZUb]][c^PeHhYYVXWYW[]XQ]_]YX[[`YYR][Z_^`^WRscd',
  '9OFnWfhVS]=^cTWVJMNQQSRTSRkcgssfXMQMOJPRRMTPONKNNSLLHQPSUSWH[XsUd',
  'DeTgSbfTVVOX^B^WNIMPOPQPOK^VbTP^YJJHKJLOPIOUJKKMIWJIKNONTVQZEWc_O',
  'CbNQNfdPSR@YUWCEFHJNONPQQPZ`Zsa_RDGAECEGICELCDFDARDABIHIRRQSTWeFc',
  '@_NJT^aPSN>cQZL>WRSUVYXYTZVT]RO]SHJHHKLGOHOVKKJOHVJHHLOKWUZROUOWi',
  'HWK^SVSOWEI[DGGSDIJMNMNNMLMGXVXURLMNMMNUV[aYZWXYU[a[`^b_HZ]QLHiZb',
  'G]La_[VPRGN`HLFSFIFJKKGLLKNIUWWWUROQSSOZ]`b]VY^bUa_Z[bbc[Y_QNHkWb',
  'HdMbdZZPJIP^HKHRGLLKKJKLIMNLXZOYWMQQPSP^ZZQ]WYZ[WaaVW___Sb_KNH[Ub',
  'MaMaiZ[RTMS`LOKVKMDMLLMNNLPQZZb^WRSOPQP[`][^[[`_[_[_Zeeb]fbPMKgbb',
  'LdNdb[]RQKTaKMKUKOMOMNMNMNOPY^OXYPSTSST[^`_Z[Y^[Z^]]XY`^UdbQMKsXd',
  'N`Ogn[ZRTNT`LOMYMNOMPKMNPOQRZ^c]XTSSTTS[]ba_dY`bXYa``b`b]cbPNLdac',
  'MYObn[YSRKT^LMNYNONOGNMNNNQQZUQ]YQSSTRRa_`b_VYaca`_`]ccdUicRMLkVc',
  'PdQsk[[UUQU^NPO^OONNOPPPOORTYbc_[RSSSTO__aba^[bacdad_ad`]nbRNLsea',
  'MeOhgWXPRIVaKOM[KPPLPPPPONQOZ`W_YNPRSTRX]Wd[W[VWWaVY]ec_Ud[NNKeWa',
  'PeQif]]TTPW^NSNXNPNOQONOOMQVZ_f_[RRRSSS[[b`Y_Xi`a[V``bec`a`RNHs^a',
  '9PI[SbkSRYD`eXaFNNNOQTSWWYR``WdbWRRNSPOWURYWTUOSSZNQLRTUYV^HOWYXn',
  'E[Uf^s[WYP8Zd`c`c`esheikhidVQbhi[SNKSOLXYJ_[Q]SW[_LUPXNX]]_^TYhZe',
  'GVSs]hgXYiVsn^dHXQ[Wb`_g`defLMZe_JNRQRO[UO[SWURSRcQJHLR[a_VT[ifch',
  ':MFnUb]LP^O`eT^ULLSTQTSWUSgia=BbUNTPQILUSNWVQSJOSWNOIQPTWUWLXTfXi',
  '@]Rh]sQUHOGgN[_ZRNQVW[[]]_dJJJH_RVWZZW[][U__X]YZYbXWU[_a_cbNXQheW',
  'FUR`XfgYPSUe[^KZ^[]bdeegbbBbXTcNVTXYZUY_^Y__Z]VXX[SSSZV]cacVPY]_k',
  'BYQYM[^ORIFWIQISTSVWZYYZY[ONR]YZCLKKJILPRLKSJMLMD^GIGMOUXYXNRMWK`',
  '@`Na]_YNNJOUKKHRNOPPQRQRPQKPWMKUSGA=@IG@OAME:=;O@J9;9BFFGBMONQeTi',
  'KdOeeb^ROKVTPKHLOPPPQQQRPQNT]QQYSAEFJ>MJNBBOAONAKNDFNAPQREQPOShTe',
  'D_Nc^bWOIJLULMIKMQOOQROROSMPWMWVS=EGL=MN=CO@@KP9MNBF;CTMUIVPMPhNk',
  '<VHTY]VJEEHTEJDMPQOQRSRRKSFFNNOPMAHFC9FLP?POGKKAIMGCHCMONGZGIJgJb',
  '8TDQP[QG?ACO@E>JOPLPQROSQR@CIGKJH=C<;A>BKEKK>>9C?A78:IBC;BTILFeE[',
  '=aNd[][RELPYMOKSOOPMQRMQNRPNOLYTM@JKLBBSW<XYETJ>TVCEF?ZXXIZNMNfSh',
  '@`JXXcYLFHKZGLFKTWSXV_[`SVKIYPOOOFJIN=LHF@TPFJDHLSEDCENQ[QVKSIfKf',
  '@ZMgXdVOEGMUIOHQYTSXZ]YZ_ZIJVOURP?MMP;QTR<VVOJMAOTDHCFSSVQYQYNfMf',
  'F]PcZgWQNKSNMQKN^QWIbaQ_R_RQXMXWX@E??@=?VNSJ>@7:CNA:;SCVFXBQXKiPf',
  'NkZsnsdXVPZWQ]QZY]^Y_bhbe_WXdUa^_KNSVBXXSPWUX_WIZSUAWN]X^T[V_Tdbf',
  'EfO][i]SILOZMOIR[XVbabea^dNJTSXVTFNKP?NMRFZSOQJPPTPEMQXQaT^S]LnP_',
  '@RIUYeSMEGKYFMFLZSRSTYYYZ]JIQLRPN>GJB9LMO<OL=MM>HRL@@>ENYCXTULsMg',
  'A^M]af]OJLOZLOIH_XXX`aU`bbNRURSWR=ANJ;SNWALTHDI@?XPENGPV[N^SXPeQg',
  ':RE^VcTHBEGRFIDLZMTS]U`_]]GFPJLNK=I<;<B;NAOEEIE=DTH::?FPVEWMQIcK]',
  '@[OW_hWMKMOXMKJN]YR[_e_]cfNQWNYVUFAA<I?DQCLC>>7A=Y9?@>E@GNRRVSeNb',
  'EbNbPn]PHKPWKNHT[TTZ[^aZc[LMSPUUT;NKJ;NQGCWL@IN<DV<C>ANSRJ]RYPhMh',
  'Rh]nhhcYTU[_UZQ_U[]bab^bZbXY_Vc^aLNQTNQSWQQWRTSVXLQQUAWWWSSXe[eZs',
  '<VGXYbUIBDHTDJBLYOORSUXZ]_FGNJMNK;HAD7FBO;ZFEC=;HQ>><@IKVB]MQIhI_',
  ':WDTM]TFDACPBH;EUQNPZSUZW[AGNINHJBK@J9HJA=QHFHG>AOH=8@LHJCYFQHdKa',
  '9WDXT^RG@CGNBG@IXNPKXZP]M]CGLIIKK;JAG8HO89RPFHH<BV;=@=KIJ<VIPHsI]',
  'JfTsdg[TOQW[R[RWFIIN^aTaT_YV]QT^^DCEB>DEVB]V=?<LD[<??ST[OVXTZWhYf',
  'LiSs]k_WRQYaRWMRTKRTQ]RYS^SV_ST[W=QST=XQWD[VTVYFY_VSTRYW`__U_WkXi',
  'BfS``c`TMRTXQRLXS[bTZ^eb]bRV[R]YVCOOMESRDATVNUFDTZFHOUXJY]_XZWhUs',
  'E_Oi`f]QMJSVLOIUROOQPSRRQYKMUT[TSIPIPHOYUHSXORRK>XRM@VVUTMZUYNZNn',
  '?ZJ[Xe[MFHJ]FLFP[YV_ah_g[dGMKQOPNJJJOJOPSJ[QJHDH=VLFGTRJ^SSOYKiNi',
  'RkTshgcTWWV`X[KUX`a^bigiabX]_Xa`[OQWZAZVYP__Y][I_X[YYZaY^PQ^]UkYi',
  'BPESRcfLPc<XTVPUGHIKLONMQSXe_dd^IJLHNJLRQFPILMJLHVJGHOKRTWYLKDPV`',
  '?UN^SU^RNXK]aVQPJRPOONOOOOZaaT_YSUSWGSU][V^[[YIXU`QOP@XSPZ`MARXaa',
  '?XJiQ`ZNF@=QAVJPYZ_dc`eaaaKAYKOSIW[PWOO_^P_bUZ[][hPXWVRV``eLEF_Ub',
  'SbW^YneXS_Yn`Y^XUSTWXWYY[]_eZVZc]]a^]__ffagbeb_aasZY^a^dbgfUQZU_i',
  'KkUsUhbXSUS_SbT[YOUV[ZZ][]UYaWi_XKLHIHLNNHWQKJJLGVJHILNNZ[S[[XsEi',
  'KnThineYf^QncO__UY]`ebefgiieWkch^bkbgbfibbksaeaegsaT]kifshnc_[ki;',
];

const pairs = new Float64Array(classes * classes);
const singles = new Float64Array(classes);
for (const [first, row] of measured.entries()) {
  for (let second = 0; second < classes; second++) {
    const code = row.charCodeAt(second);
    const share = 2 ** -((code - 0x23 - (code > 0x5c ? 1 : 0)) / 3);
    pairs[first * classes + second] = share;
    singles[first] = (singles[first] ?? 0) + share;
  }
}

function classOf(folded: number): number {
  return folded >= 0x80 ? otherClass : folded >= 0x60 ? folded - 0x40 : folded - 0x20;
}

/** How many case-folded bytes beyond ASCII share a class, evenly. */
const bytesOfOther = 64;

/** The share of text that any of the given case-folded bytes take. */
export function shareOfBytes(folded: readonly number[]): number {
  let sum = 0;
  for (const [byteClass, weight] of weightsOf(folded)) sum += (singles[byteClass] ?? 0) * weight;
  return sum;
}

/** The share of places in text where one of the first bytes stands before one of the second. */
export function shareOfPairs(first: readonly number[], second: readonly number[]): number {
  const after = weightsOf(second);
  let sum = 0;
  for (const [a, weight] of weightsOf(first)) {
    for (const [b, other] of after) sum += (pairs[a * classes + b] ?? 0) * weight * other;
  }
  return sum;
}

/** The classes of bytes, each with the part of it that the bytes are. */
function weightsOf(folded: readonly number[]): readonly (readonly [byteClass: number, weight: number])[] {
  const weights = new Map<number, number>();
  for (const byte of folded) {
    const byteClass = classOf(byte);
    weights.set(byteClass, byteClass === otherClass ? (weights.get(byteClass) ?? 0) + 1 / bytesOfOther : 1);
  }
  return [...weights];
}
