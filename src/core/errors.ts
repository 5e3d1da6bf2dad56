/** One error class with a table of codes: callers match `code`, people read `message` and `hint`. */

interface CodeInfo {
  /** The process exit code when this ends a command (sysexits, see the README's table). */
  readonly exit: number;
  /** The next step, for people. */
  readonly hint: string;
}

/** Every code with its exit status and next step. The README's table is generated from it. */
export const errorCodes = {
  ERR_USAGE: { exit: 2, hint: 'see `sluice <command> --help`' },
  ERR_INPUT_DATA: { exit: 65, hint: 'correct the input at the place named' },
  ERR_INPUT_MISSING: { exit: 66, hint: 'check the path and its permissions' },
  ERR_PORT_IN_USE: { exit: 69, hint: 'stop the other program, or choose another port with `--listen` or `--admin`' },
  ERR_HOME_LOCKED: { exit: 69, hint: 'another proxy holds this home: see `sluice status`, or use another `--home`' },
  ERR_NOT_RUNNING: { exit: 69, hint: 'start it with `sluice start`' },
  ERR_UPSTREAM: { exit: 69, hint: 'check the network and `upstream:` in the configuration' },
  ERR_INTERNAL: { exit: 70, hint: 'this is a defect in sluice: please report the code and the place' },
  ERR_CANNOT_CREATE: { exit: 73, hint: 'check that the folder exists and is writable' },
  ERR_IO: { exit: 74, hint: 'check the disk and the permissions' },
  ERR_AUDIT_OPEN: { exit: 74, hint: 'check that the home folder is writable and the database whole: `sluice doctor`' },
  ERR_AUDIT_WRITE: { exit: 74, hint: 'check the disk; `audit.onFailure` says what happens meanwhile' },
  ERR_PERMISSION: { exit: 77, hint: 'check who owns the file and its mode' },
  ERR_CONFIG_INVALID: { exit: 78, hint: 'run `sluice config check`' },
  ERR_CONFIG_UNSAFE: { exit: 78, hint: 'the file must be yours and not writable by others: `chmod 600`' },
  ERR_RULES_INVALID: { exit: 78, hint: 'run `sluice rules lint`' },
  ERR_CA_MISSING: { exit: 78, hint: 'run `sluice ca init`' },
  ERR_CA_INVALID: { exit: 78, hint: 'run `sluice ca rotate`' },
  ERR_CA_KEY_READABLE: { exit: 77, hint: 'chmod 600 the key, or run `sluice ca rotate`' },
  ERR_CA_HOST_OUTSIDE: { exit: 78, hint: 'run `sluice ca rotate` so that the authority covers the host' },
  ERR_CONNECT_TARGET: { exit: 65, hint: 'CONNECT needs host:port' },
  ERR_DETECTOR: { exit: 69, hint: 'check that the detector runs: `sluice doctor`' },
  ERR_BODY_TOO_LARGE: { exit: 65, hint: 'raise `limits.bodyBytes`' },
} as const satisfies Record<string, CodeInfo>;

export type ErrorCode = keyof typeof errorCodes;

interface AppErrorOptions {
  readonly cause?: unknown;
  /** JSON-safe and free of secrets. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** Replaces the table's next step where a better one is known. */
  readonly hint?: string;
}

/** What a disk says that nothing else hints at, by the system's code. */
const diskReasons: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left on its disk',
  EDQUOT: 'the quota of its disk is used up',
  EROFS: 'its disk is read-only',
};

/**
 * An error with a stable code. The message starts in lower case, names the thing, and holds no secret; where a full disk is
 * the cause it says so.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    const reason = diskReasons[systemCode(options.cause) ?? ''];
    super(reason === undefined ? message : `${message}: ${reason}`, { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.hint = options.hint ?? errorCodes[code].hint;
    this.details = options.details ?? {};
  }

  get exitCode(): number {
    return errorCodes[this.code].exit;
  }
}

/** Wraps anything thrown as an AppError, keeping one that already is. */
export function toAppError(error: unknown, code: ErrorCode, message: string): AppError {
  return error instanceof AppError ? error : new AppError(code, message, { cause: error });
}

/** Returns the `code` of a system or library error (`ENOENT`, `SQLITE_BUSY` …), if it has one. */
export function systemCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
