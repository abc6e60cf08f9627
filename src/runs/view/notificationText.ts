import { shown } from '../../base/shown';

/**
 * A text with names out of files for one of VS Code's notifications, which make links, those to commands
 * included, of `[text](command:...)`.
 */
export function notificationText(text: string): string {
  return shown(text).replaceAll('](', '] (');
}
