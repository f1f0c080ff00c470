/** The three files of an identity, replaced so that a reader never sees half of one. */
import { randomBytes } from "node:crypto";
import { mkdir, open, rename } from "node:fs/promises";
import { join } from "node:path";

export interface IdentityFiles {
  /** PEM of the authorities to trust. */
  bundle: string;
  certificate: string;
  key: string;
}

export const identityFileNames = { ca: "ca.pem", cert: "cert.pem", key: "key.pem" } as const;

/**
 * Writes ca.pem, cert.pem and key.pem. Each is replaced whole; between them a reader may see a new key
 * beside an old certificate, which do not match, and so reads again.
 */
export async function writeIdentity(folder: string, files: IdentityFiles): Promise<void> {
  await replaceFiles(folder, {
    [identityFileNames.key]: files.key,
    [identityFileNames.ca]: files.bundle,
    [identityFileNames.cert]: files.certificate,
  });
}

/** Writes each file beside its place and renames it there, readable by its owner only. */
export async function replaceFiles(
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const [name, text] of Object.entries(files)) {
    const beside = join(folder, `.${name}.${randomBytes(6).toString("hex")}`);
    const file = await open(beside, "wx", 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, join(folder, name));
  }
}
