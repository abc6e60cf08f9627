export function zipEntries(file: string): { name: string; size: number }[];
