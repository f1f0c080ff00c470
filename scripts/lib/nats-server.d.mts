export const pinnedVersion: string;
export const howToInstall: string;
export function findNatsServer(
  environment?: Readonly<Record<string, string | undefined>>,
): { path: string; version: string } | undefined;
