/** What an error says; anything else that was thrown, as text. */
export function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/** The system's error codes that users meet. */
const systemReasons: Readonly<Record<string, string>> = {
  EACCES: 'no permission',
  EPERM: 'no permission',
  EISDIR: 'it is a folder',
  ELOOP: 'its links lead in a circle',
  ENOENT: 'there is no such file',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your share of the disk is used up',
  EFBIG: 'it is larger than this disk or account allows',
  EROFS: 'the disk is read-only',
};

/** Why the system refused something, without the names of system calls and of files of our own. */
export function systemReason(cause: unknown): string {
  if (!(cause instanceof Error && 'code' in cause && 'syscall' in cause)) return reasonOf(cause);
  return systemReasons[String(cause.code)] ?? cause.message.replace(/, \w+( '.*)?$/s, '');
}
