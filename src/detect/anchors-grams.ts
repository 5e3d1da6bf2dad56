/** Four bytes that stand together often in program text, of which pairs of bytes know too little. */

/**
 * By how often they stand in a megabyte, case-folded (a backslash is `|`, an underscore 0x7f): the first row 40 times and
 * more, each later one twice as often. Measured on 66 MB of JavaScript, TypeScript, JSON, Python, C, Perl, shell,
 * configuration and documentation of public packages, with line breaks escaped as in JSON.
 */
const measured: readonly string[] = [
  "   -   .   3   4   5   :   ;   =   `   g   h  's  ('  )|  -   ;   <d  <l  as  ch  en  fi  la  li  lo  ma  na  no" +
    "  op  te  to  tr  ty  un  us  wh  {|  |   ||  }   })  };  \x7f\x7f !== # c # t $2  $se $zo '|x ()  (co (in (th )|n * a" +
    " * c * i * s *)o +=  -0. ... /// />| 0x2 2,  200 3,  ; { <a  = $ = ' = 0 = a = d = e = i = l = m = o = \x7f `re a d" +
    ' a f a l a n a r a t abo acc act aft ali als asn asy at  a|n bac bee bin blo bre buf bui byt clo cou del dep det' +
    ' dif dig do  doe don ele ent exa exe exi fai fin fir fix fla fol fou fre giv glo gra gro hea htt id= ide inf ini' +
    ' inv iss is| its las lea lib lon loo mac mai mak man map mar max may mem mes min mor nee nex nor off ori ove pac' +
    ' pla plu poi ptr pub ran red ref rel rem rig sam sch sec ser sha sim sin so  soc som spa src std sto sty suc sym' +
    ' tar tem ter tok to| try uns url war was win zod {}| |"c |"i |"n |"s |"t ||n ||| } e } f }); })| \x7f\x7fi!!!!!== ");|' +
    '", "", |","$",{""/>|"0$1": "": {">xs"git"htm"nav"str"typ"},""},{"}},# th### #end#xsl$2 $\');|\': \'\'||u\'||x() =() {' +
    '(0x1(?:0(e,t(err(nam(nod(pos(ptr(res(sk,(sta(str(typ(val(x50({|n(|||) (() ->) ==) op) ||)",")) {)))|)),|), (), o' +
    ").to)</c)ope)ret){if){le){re)||d* `r* co* re*)op, 'c, 's, 0,, 0x, bu, de, en, ex, it, li, na, no, op, or, os, pa" +
    ', pt, se, so, va, wh,"$1,thi,{"(,{|"-com-str.  i.  t. if.0|n.</p.app.cha.def.end.err.exp.for.joi.nam.opt.pat.pos' +
    '.pro.pus.set.str.val/** /*|n// t/// //ww/div/doc/lib/p>|/td>/www000100|x020.02} 0;|n0|n 0|x01,  2 $32,  20.0255,' +
    '2} #2})(3,  3})(4l2\x7f9}||: 0x: 1,: bo: th: tr://w:|n|; {.;if(;ret;var;|n/;|nc;|nv</di</td<br <br><div<str<td>= 0;' +
    '= co= de= fa= ne= no= nu= th= tr= {|= {}= |"="hl="ht=ite=non=thi=|"c=|"l=|"n=|"s=|"t> la></a></d></t><br><co><sp' +
    '><td>xsl?: s`.|n```|``|n`|n `|n|a = a coa sta><babelabilacesach ack ackeack\x7faddeaddiadinadonafteagesailsain ains' +
    'aintait ake al palgoaliaaligall(alliall\x7falsoal|name(ame.ame:ame>ametame|ame\x7familams)an aan ban ean ian oan;|an> ' +
    'an><an>|ana andaandsand|anguanneannoansfant appiard aredarniart,artiartsary as bas tascrasesassiast at aat iata)' +
    'ate(ate.atematerate\x7fath)ath.ath:athsatibativaturatusauseautoavaiawaia|n be abe ubeenbefobersbinabindbledblesbr /' +
    'br>|brarbutibxslby tcal calecapecausce tce, centces chedcheschinchuncialck\x7fccleacliecollcoluconvcordcorrcrypct, ' +
    'ctivctrlcts ctuacturctx ctx,ctx\x7fcurscustd a d and asd bed chd cod fod nod ofd ond red wid);|d,|nd>|ndardddedddre' +
    'de =de cde, de><dejsdencdepedeprderrdersder\x7fdesedestdetadevedex de|ndicadictdiffdigidiscdispdiv>dlerdocsdoesdonl' +
    'doubdowndresdtypd{2}d{4}d{6}e ==e ale are ase bee bie che cue die doe ene fre hae ite loe mae mee moe nae nee nu' +
    'e one ope poe sae sse sue tee tye une {|e |"e\',|e(pte(see) {e):|e, ae, ce, ie, oe, se, te.  e.coe.jse: |e:|"e</c' +
    'e===e></e>|neachead eadieadoean;earceaseecateck ecomect\x7fecurecuted =ed ced oed sed. ed;|edefediteen efunegeregis' +
    'ejs/eleaeleceletemapembeemoremovempten aen ienabend(ent(ent,ent:ent\x7feoutepateplaeporeproept eptier cer eer fer s' +
    'er()er.|er: er;|er=|eraberedergeericerifern ers.erseert ert\x7ferwier|"es fes ies oes wes.|es: escaesenespoess.esse' +
    'essoess\x7fest(est.estaestiestrestses|"et iet tetaietheettietypet\x7fcevalexerexisexitext(ext,ext.extrext\x7fe|" e|",e|">' +
    'f (!f (tf a f cof sef \x7f\x7ff):|f->{f="hfamifectfer ffsefiedfielfigufiltfinafix fixefollfontfor(founfsetfterfullf|n ' +
    'g = g a g ing tog | g;|nger ges get getsggerginagintgistgit givegmengrapguagg|n h = han hareharshas he `he bhe g' +
    'he ihe uhe vhellhelphesehifthilehitehod honehookhorthosthouthreahunkh|n ial iateibilibleibraibxsice ice(icodidat' +
    'ide idedideoidthied if aif cif iif|nignaigurike ile(ile.iledilerilinilteime imeoinarinatinceind indoing)ing:ing;' +
    'ing>ingcinglinininisink inliinseint(intointsinuein|nion"ion\'ion)ion<ion>ipheire(iredis cis dis lis mis ois pis r' +
    'is uis.cis.pis.sis.\x7fisinisitissiistiis|nit iit witchite itesithmithoitiaitorits itteivativenize izedize\x7fjavajoin' +
    'js/nk), kcs7key,keyskey\x7fkindkingk|n k\x7fofk\x7fx5l = l nal thl#xsl,|nl;|nl>|nlabelabllar larald blderle ale fle ile t' +
    'le: learleasleftlegalen(lesslexele|"le|nlf):lf->lgorliaslibrlibxlic licalicylid lidalienlignlikelimill nll tlled' +
    'llinllocll|nlobalogglooklow lowelowilse:lse|lso lterltinlue)lue,lue:lumnl|" l|n l\x7fctl\x7fsem thm/nom>|nmagemappmask' +
    'mat matimattmay mbolme =me: me=|membmemomeoumergmes mespmeteme|nmilymimeminamisemissml#xml|"mmitmmonmodimoremory' +
    'mparmpatmplimpremptymp\x7fcmultn  fn  mn  sn  tn  vn *|n ben den exn fon isn man non ofn pan smn stn ton win###n#en' +
    "n#ifn', n't n);|n)|nn/**n///n<a n<p>n></n```nablnalsnarynav-nce(nclancomnctund and cnd ind ond rnd sndarndedndic" +
    'ndifnditndowne bne one, ne:|neednenunew\x7fnfo nfornfo\x7fnfrong cng fng ing ong sng wng |ng()ng;|nge ngesnglengs ngua' +
    'ng|"niconionnit\x7fnknonlinnmennnernormnotanotenotinownns ans tns, nse nsernsfonsignsolnstensubns|nnt =nt ant int o' +
    'nt snt tnt, nt: ntalntedntegntifntimnto ntrintronts.nt|"nt|nnumenvern|">n|n<n|ndn|nen|nin|nsn|t n};|o a o beo co' +
    'o mao reo usobalocatocolocs/ode(ode)ode,ode/odecodejoderodesode|ode\x7fodifoes of aof cof soffsof|noin(olicolleollo' +
    "olumom 'om tom/nome omisommiommoomplompron (on =on con don fon mon non son won()on.|on: onceondione)one,one:onen" +
    'one|ong ons)ons,onseonsoons|ontionveoptsor (or cor dor eor for mor nor oor por sor, or: oratordeordsore.oritorre' +
    'ors ors.ort(ory os +ose ossiot aot bot iot not sotatotocotototypou coubloupsour ove owerowinown o|n p = p://patc' +
    'patipdatpe =pe(ppe, pe==pedepeerpenaperlpermpe|"pherphonpilepkcsplayple plempletplieplitpoliponsposeposspperppin' +
    'ppliprevprivprofprogprojptr)puncpythquenquotr />r a r anr cor exr isr ofr rer\', r)|nr,|nr.|nr:|nr=|"rablrackral ' +
    "randrantraphraryrce rderre are cre fre ire tre('recarecerediree relareleremaremereporeprres restre|nrforriabrian" +
    'rifyrithrityrivarkerrmalrminrn arn crn drn ern frn irn nrn rrn srn \x7frnamrninrogrromirootror:rounrow rranrse(rsed' +
    'rserrst rt drt irt ort trt {rtiertifrts rts.rue rue,rue|ruleruntrverry:|ryptr|">r|n|s + s als ass bes cas des ex' +
    "s fis frs lis mas ons ors prs sos uss whs', s,|ns.  s.cos.hts.ins.les.pas.res.sts/nos</as?: safesamescapsconse a" +
    'se ose sse {se, se:|searsecoselesendsentsepasequser ses sessset(settse|"sforsharshifshorsiblsidesimpsincsitosk) ' +
    'sk),sk, skipslicslt-solesomesortsplissedssibssigssinssorst ast est ist pst rst tst {stalsteastedstemstenstomstra' +
    'strost|nsub subssuccsue.sumeswitsymbsyscsysts|",s|">t   t a t alt art ast cat cht ext fit fot hat itt lit mat on' +
    "t pat prt set stt tyt unt vat x5t', t) {t);|t)|nt, st,|nt:|ntailtalltandtanttatutcontd><te ate tteadted.ted\x7ftege" +
    'temetemsteneter(tereter|texpte|ntforth =th ath, thanthenthesthinthonthorthretic ticatiestil.tilstinttinutly tml"' +
    'tml#tml/tml|tnamto bto cto dto mto pto rto sto utocotooltor(torstor|totyto|ntp:/tr, tr><traitreetrietriptroltry ' +
    'try:ts =ts ats tts, tstatstyts|nttedttinttp:ttyptualtuattupltx *tx, t|",t|">t|n|t|t<t|tct|tit}|nt\x7fcou cau000uage' +
    'ual ual(uatiubleucceuct uctoude ue =ue, ue: ue;|uencues ue|nuiltuintul>|ularule ull ull)ull,ult.ultsumerund unic' +
    'uniounknunsiuntiuntruoteupdauperupleure uresure\x7fustoute uthov4l2vailvateve tved ven ver verivertvisiwardwas wher' +
    'whilwhitwidtwindwingwisewitcwrapwww.x = x00|xecuxistxterxtray = y bey coy iny ofy toy.|ny:|nymboync ype)ype,ype.' +
    'ype=ypedypenype|ype\x7fyscaysteythoz.zozero{"(|{2}){4}){if({let{ret{str{};|{}|n|" c|"),|");|")||",{|"/>|";||">||"co' +
    '|"de|"ht|"in|"li|"na|"re|"},|d{6|n##|n#e|n#i|n11|n<a|n<d|n<p|n``|ncl|nfr|nsu|nte|nty|n})|n};|n\x7f\x7f|t  |t}||u00|u22' +
    '|udd|udf|x00||d)||n|||u1|||"|||n} # } el} fr}",{})",},"0},{"},{|}fun}|",}|n}}||d}|||}},{\x7f(se\x7fadd\x7fall\x7fasn\x7fatt\x7fcer' +
    '\x7fcha\x7fcod\x7fctr\x7fdat\x7fdef\x7fdir\x7ferr\x7fext\x7ffil\x7ffin\x7ffla\x7ffor\x7ffre\x7ffun\x7finf\x7fini\x7fis\x7f\x7fite\x7fkey\x7flin\x7fmet\x7fmod\x7fnew\x7fno\x7f\x7fobj\x7fof(\x7fopt\x7foss' +
    '\x7fpar\x7fpat\x7fpre\x7freq\x7fres\x7fsig\x7fsiz\x7fsta\x7fsto\x7ftim\x7fval\x7f\x7f(s\x7f\x7fin',
  '   $   )   0   1   2   b   l   n   o   u   v   w   {   \x7f  ""  \'|  (0  (r  */  *|  </  <s  ca  el  fo  le  my  pa' +
    "  pr  ra  st  va  }, \"\"\" &&  'm' '|| (0x (r' *   * t /*  /** 1,  <sp = ( = c = f = n = p = r = t ==  `pa a c a p" +
    ' a s add app arg arr ass att aut bas bio boo but cap cas che cod col cop cor cre cur dat dec dir dis doc enc end' +
    ' eve exc fal gen han has hav inc ind inp ite len lic lis loc log mat met mus my  no  nul one onl oss oth out pas' +
    ' per pos pri rai rea rec reg rep run see sho sig siz sk\x7f sma sof sou spe ssl sub sup sys tes tex thr tim tra und' +
    ' uni usi var voi we  wor wri x50 |"| ||  },| };|" cl"""|""|n"$1 "(||")|n",|"": |";|n">|n"htt"|n|"||u$1 $$sel$zod' +
    "')|n';|n'm',();|(?:{(con(htt(oss(sk)(thi(|n ));|).|n*   * `p* th,   , 'm, an, co, re, st, th, |\",|n|-9}|-> l-||u" +
    '. th.000.002.con.get.len.org.par.sta.typ.zod//gi/>|n/git/nod/|n#/|n|0.00000000020020002}1 $2: nu: st: {|://g:|"|' +
    ';|ne;|ni</p><li>= re= se== \'===|==|"=> {> {|>;|n></l>|n|`para></acceace acheackaacteactiadataddrage aiseal lallb' +
    'allealloallyame)ame,ame=amplandlany apitappeapplar *aracaratarcharenargeargsarguariaart as aasynat tata atesath ' +
    'aticauthave b.cober bilibio\x7fblicblocbodybreabuilbut butebytecachcan capicaticcescertchilcifickagcketck\x7foclarclos' +
    'cmp\x7fcodicolocom/condconncorectedctercumecurrd = d byd thd.|nd;|nde> debudecldecoded deleder distditidmindocud{3}' +
    'd|n e a e ane cae cle dee exe fie fue ife lie noe ore pae pre see ske soe ste toe use vae wie\', e(ske);|e)|ne=|"' +
    'eadeebugecifeclaecodeconecorect(ect.ecteectoectsed aed bed fed wed, ed.|ed|neerref \x7fef="ef=|eferefixeforegexelem' +
    'elf)elf,elf-emplen tend endeendiendsensient.entaenteentrent|enumeof eparepenepreequaer =er aer ier oer, eralere ' +
    'erenerfaeriaermiers ertierveer|nes =es aes tes, eseresolespaess est es|netadetereveleverexamexceexecext eywoe|n|' +
    'f nof=|"facefailfereficafierfindfinifirsflagforefreeftwag thg=|"get\x7fght githglobgnedgnorgramgrougth gumeh thhang' +
    'har harahashhavehe ahe dhe ehe lhe mhe nhe ohe phe rhe themaherehe|nhichhildhinghoulhrowhub.i><aiablialiicalich ' +
    'idenieldienties if nif sif tificiginigitigneignoilenilesilitimitimplin ain cin sinalindiinesing(ing,ing.ingsing|' +
    'ing\x7finvaion,ion.ion:ion\x7fiptiirstis ais fis iis sis tise issuist isteistritalithuitleity ive jsonkagekey keywknow' +
    'k\x7ftyl belacelagslarelastlbacle, leanlectled lenales letelevelf, li><linglinklitelityll bll lllbally loadlocklong' +
    'loselse ludelueslugil\x7fcml\x7fskm\', mainmakemallmandmarkme, metaminimmanmodemovempilmplamustmy $n  "n  cn  en  in  r' +
    'n  |n */n = n a n ann can con inn ren sen.|nn/* n// n;|nn<lin>|nnal natincodnconnd tndennderndinndlends nd|nnect' +
    'neranextne|nnfunng ang, ng="ng=|ng|nnimpnintnitinly nnecnnotnorensiontaintatntennthentinnts ntypnvaln|n=n|ncn|nf' +
    'n|ntocalocesockeocumode.ode:odinodmioftwograoid ointokenoleaolorolveompaompion aon ion oon ton, one onneons.onta' +
    'ontron|"on|nooleopyror aor ior tore org/origorteortsor|nositouldoundout outpoverovidp>|nparepartpasspattpe(spe: ' +
    'peofperapingpitaplacplatplicplugpoinpos posippenpporprecprefprinpromprotprovpublpushput pyriqualquesr = r inr to' +
    'r;|nr>|nraceraisram rameramsrangransratereakreamrecored referefiregeregiremorencreplreseresprfacrgetrgumrialrict' +
    'riesrigirintritern trnalrns roceror ror(rorsrotorouprovirrenrteds ans ars cos fos iss ofs res wis) {s);|s)|ns:|n' +
    's;|ns="hscalse ise tsectsee seriset set\x7fse|nshousitisk\x7ftsmalsn1\x7fsocksoftsolvsponsserssuest bst cst ost sst, stac' +
    'sterstinstorstylsupps|n|t ant bet cot det not oft ret tot wit { t.|nt;|ntacktadataintal tanctargtch tchetem temp' +
    'tendtenstentterftermterstes th tthe|thouthrothubtialtifitin titlto atoketor toretorytputtractrantricttritwartyle' +
    'ub.cubliuestuginuilduld ulesult ultiuppournsurreuserush(usinust utilutioutpuvariventvidewaitwarewarnwhicworkxamp' +
    'xcepxprey thyou ype:ypeoypesyrigytesywory|n zodm{3}){|n||": |"><|"hl|d{2|d{3|d{4|n* |n12|n</|n<l|nde|nfu|nim|nin' +
    '|nth||d|||n } = }(ht})(|});|})|n~~~~\x7fcmp\x7fcom\x7fcon\x7fctx\x7fget\x7fint\x7fnam\x7fpro\x7fset\x7fstr\x7fver\x7fx50',
  '   "   /   a   f   m   p  /*  //  0x  <c  ex  in  se  th  |" #   * ` *|n ->  //  0,  0x0 = s = { === =>  all an ' +
    ' any are as  by  cal can cha des els err exp ext fro fun get hre imp ins it  key lat let lin mod new nod non num' +
    ' obj on  ope opt pat pre req res set tru ver whe whi wil xml you"hlj"|"|"|n #  0####\'   \'),|()|n(sel(||d) =>)(||' +
    '))|n)|n#**|n, in,0,0.com.htm/**|/////a></cod/com/li>/spa/|n 0,  0,0,0x00509\x7f: 0,: |":lan;|n}</a></li</sp<a h<cod' +
    '<com<spa=== =|"h><a a hraderalidalizall alseame amesan canceang=angearraase asn1ass asseatchate atedatinatoratte' +
    'attrbackbaseble boolbuffcasecatecensceptcesschanchemcludconfcopycouncreacripctord ind todatedefadentdescdiree co' +
    'e foe ine ise ofe ree,|ne.|ne:|ne;|neateeck\x7fect ectied ied tefauelseemenenamenceencoenerengtenseenssent>entients' +
    'equeequier teraternaersiertyescressaessiesulethoetteevenexpeexprextefalsffergenehandhat he che fhe sheadhen her ' +
    'hljshrefhtmlhttpi>|nibuticaticenifieightile ill in tinclindeinedinfoinitinpuint ion(ionaion|irecis nitemiteritio' +
    'l lel:lalanglatelatilemelenglet lettlf.\x7fli>|licelizeljs-llowlocalue l\x7fchmatcmessmethml:lmplen  /n  }n clnce nclu' +
    'ndefndexne sned new nexpnfigng tngthningnonenputnsslnstanstrnt xnt>|ntexntrynulln|n#n|n/n|n|n}|no thode ommaonal' +
    'onfionlyons onteotheountourcpacepackpan pan>pecipectpendpenspertpresprocpropps:/quirr thractratiratoreatrectref=' +
    'rentrequresoressresuriburighriptrom roperrayrsioructr|n s = s a s ins nos tos.|ns://s=|"sageschescrised sertserv' +
    'signsingsizesl\x7fssourspacspecss="ss=|ssagssiostanstarstrestrusultsyncs|n t = t int ist tht xmt>|ntabltarttatetati' +
    'terathatthodtimetingtiveto ttps:treatribtructruettpsturet|n uffeuireumenundeurceuse usedvalivar voidwhenwillword' +
    'writx509xml:xpecxsltxtenype ype(|", |",||"|"|"|n|"|||n# |n/*|n//|nco|nex|n}|||u0||u2||ud|||d||||},|n\x7fche\x7fsk\x7f',
  "   (   <   c   d   e   s   t   |   }  *   co  de  }| # ' */| <co be  cla com def fil int nam not or  par pro sel" +
    " sta str tha typ use val wit }|n\",|n#def', '',|n'|n ) {|),|n):|n)|n|*****/|n*|n ,  #.|n|;|n|</co>|n<aaaaablearam" +
    'are arseass=aultbjeccallcharcheccompcontdatadef dingdulee = e thelf.ent erroexpoe|n f thfaulformfromheckhis his.' +
    'if (impoine instinteith jectlinelistmbermmenmodumporn  <n * n thn#denodenot nternumbn|t|objeode>odulof tommeopen' +
    'operoptiormaort osslparaparspathreadrmatrrors thsl\x7fcspanstatted ter terntesttexttherttert|t|umbeverswithxpor|n#d' +
    '||d{};|n}|n }|n|\x7ftyp',
  "   #   '   *   i   r  #   if  re and con for if  in  is  of  ret thi to  {|n);|n)|n ----.|n :|n ====>|n alueand " +
    'atioclascodecommconsctiodefiefineturfilefinefor funcing ion ionslassmentnamenctinst onstportptioreturingselfsion' +
    'ssl\x7fstrithistrinturnuncturn valu{|n |n *|n|t|t|t',
  ' the,|n ;|n n|n the type',
  'tion|n|n',
  '',
  'n   |n  ',
  '',
  '    ',
];
/** How many times in a megabyte those of the first row stand, at a guess. */
const ofFirstRow = 40 * Math.SQRT2;

const shares = new Map<number, number>();
for (const [row, grams] of measured.entries()) {
  for (let at = 0; at < grams.length; at += 4) {
    let key = 0;
    for (let i = at; i < at + 4; i++) key = (key << 8) | grams.charCodeAt(i);
    shares.set(key, ofFirstRow * 2 ** row * 1e-6);
  }
}

/** Of more texts it is not asked: their pairs tell enough. */
const mostSpelled = 256;

/**
 * The share of text that those texts take which are common, of all that can be spelled with one case-folded byte of each
 * of four choices; 0 where there are too many.
 */
export function shareOfGrams(choices: readonly (readonly number[])[]): number {
  const count = choices.reduce((product, { length }) => product * length, 1);
  return count > mostSpelled ? 0 : shareSpelled(choices, 0, 0);
}

function shareSpelled(choices: readonly (readonly number[])[], at: number, key: number): number {
  const bytes = choices[at];
  if (bytes === undefined) return shares.get(key) ?? 0;
  return bytes.reduce((sum, byte) => sum + shareSpelled(choices, at + 1, (key << 8) | byte), 0);
}
