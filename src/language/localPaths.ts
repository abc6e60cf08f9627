import { realpathSync } from 'node:fs';
import { posix } from 'node:path';

/** `\\host\share`, `//host/share`, `\\?\`, and every URI: `file://host/share`. */
const elsewhere = /^(?:[\\/]{2}|[a-z][a-z0-9+.-]+:\/\/|file:)/i;
/** Folders in which opening or listing a file may act, block or never end. */
const devices = /^\/(?:dev|proc|sys)(?:\/|$)/i;
const windowsDevice = /(?:^|[\\/])(?:con|prn|aux|nul|com\d|lpt\d)(?:\.[^\\/]*)?$/i;

/**
 * Whether a path that a prototxt gives may be looked up while the file is only read: not where it leads
 * to another machine, which would learn who opened the file, nor to a device.
 */
export function isLocalPath(path: string, platform: NodeJS.Platform = process.platform): boolean {
  if (elsewhere.test(path) || path.includes('\0')) return false;
  if (platform === 'win32') return !windowsDevice.test(path);
  return !devices.test(posix.normalize(path));
}

/** Whether a file that exists is where it seems to be, and may be opened: links are followed. */
export function isLocalFile(place: string): boolean {
  try {
    return isLocalPath(realpathSync(place));
  } catch {
    // There is nothing to open, or nobody may.
    return false;
  }
}
