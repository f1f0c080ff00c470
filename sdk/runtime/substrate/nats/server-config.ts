/** The configuration under which a NATS server keeps what the substrate promises. */

export interface ServerSettings {
  host: string;
  port: number;
  /** Where it stores; made when it is missing. */
  folder: string;
  /** PEM files; clients must show a certificate of the same authority. Unset: plain text. */
  tls?: { ca: string; cert: string; key: string };
  /** "2.14.5": older servers do not know every setting. */
  version: string;
  /** A node of a cluster. */
  cluster?: {
    name: string;
    node: string;
    port: number;
    routes: readonly string[];
    /** `host:port` that the other nodes are told; unset: where it listens. */
    advertise?: string;
    /** Clients are not told of the other nodes: they know the ones that they are given. */
    no_advertise?: boolean;
  };
}

export function natsServerConfig(settings: ServerSettings): string {
  const { host, port, folder, tls, version, cluster } = settings;
  const [major = 0, minor = 0] = version.split(".").map(Number);
  // Otherwise a power cut can lose what was acknowledged in the last minutes.
  const syncs = major > 2 || (major === 2 && minor >= 10);
  const lines = [
    `listen: ${quoted(`${host}:${port}`)}`,
    "max_payload: 2097152",
    "jetstream {",
    `  store_dir: ${quoted(folder)}`,
    "  max_file_store: 64GB",
    "  max_memory_store: 2GB",
    ...(syncs ? ["  sync_interval: always"] : []),
    "}",
  ];
  if (cluster) {
    lines.push(
      `server_name: ${quoted(cluster.node)}`,
      "cluster {",
      `  name: ${quoted(cluster.name)}`,
      `  listen: ${quoted(`${host}:${cluster.port}`)}`,
      `  routes: [${cluster.routes.map(quoted).join(", ")}]`,
      ...(cluster.advertise ? [`  advertise: ${quoted(cluster.advertise)}`] : []),
      ...(cluster.no_advertise ? ["  no_advertise: true"] : []),
      "}",
    );
  }
  if (tls) {
    lines.push(
      "tls {",
      `  ca_file: ${quoted(tls.ca)}`,
      `  cert_file: ${quoted(tls.cert)}`,
      `  key_file: ${quoted(tls.key)}`,
      "  verify: true",
      '  min_version: "1.3"',
      "  timeout: 5",
      "}",
    );
  }
  return `${lines.join("\n")}\n`;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
