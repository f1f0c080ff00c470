/**
 * Balances the calls of one channel over the replicas of its service: each takes its turn, except those
 * that are out of line (outliers.ts). grpc-js's own outlier detection counts every status but OK, refusals
 * of policy too, knows no latency and needs five hosts; its round robin connects anew to all on a change.
 */
import {
  type ChannelOptions,
  connectivityState as ConnectivityState,
  experimental,
} from "@grpc/grpc-js";
import { expectedIdentityOption } from "../identity/identity-credentials.ts";
import { limits } from "../limits.ts";
import { replicaKey, type ServiceEntry } from "./directory.ts";
import type { Replica } from "./outliers.ts";

export const balancerName = "keiko_balanced";

/** Channel option that carries the service's entry; grpc-js keeps it out of what makes connections equal. */
export const serviceOption = `${experimental.SUBCHANNEL_ARGS_EXCLUDE_KEY_PREFIX}.keiko_service`;

interface Turn {
  replica: Replica;
  leaf: experimental.LeafLoadBalancer;
  /** It has a connection, and whether a call went by that. */
  connected: boolean;
  called: boolean;
  /** Runs while it has none and wants none. */
  away?: NodeJS.Timeout | undefined;
}

class BalancerConfig implements experimental.TypedLoadBalancingConfig {
  getLoadBalancerName(): string {
    return balancerName;
  }

  toJsonObject(): object {
    return { [balancerName]: {} };
  }

  static createFromJson(): BalancerConfig {
    return new BalancerConfig();
  }
}

class Balancer implements experimental.LoadBalancer {
  readonly #helper: experimental.ChannelControlHelper;
  readonly #leafHelper: experimental.ChannelControlHelper;
  readonly #timer: NodeJS.Timeout;
  #entry: ServiceEntry | undefined;
  #turns = new Map<string, Turn>();
  #lastError = "";
  /** While leaves are being made, each of them tells of its state; one look at the end is enough. */
  #paused = false;
  /** Clients that start together do not all begin with the same replica. */
  readonly #next = { turn: Math.floor(Math.random() * 1_000) };

  constructor(helper: experimental.ChannelControlHelper) {
    this.#helper = helper;
    this.#leafHelper = experimental.createChildChannelControlHelper(helper, {
      updateState: (_state, _picker, error) => {
        if (error) this.#lastError = error;
        this.#refresh();
      },
    });
    const look = () => this.#entry?.outliers.look(performance.now());
    this.#timer = setInterval(look, limits.outlier_look_ms).unref();
  }

  updateAddressList(
    found: Parameters<experimental.LoadBalancer["updateAddressList"]>[0],
    config: experimental.TypedLoadBalancingConfig,
    options: ChannelOptions,
  ): boolean {
    if (!(config instanceof BalancerConfig)) return false;
    const entry = options[serviceOption] as ServiceEntry;
    this.#entry = entry;
    if (!found.ok) this.#lastError = found.error.details;
    const { [experimental.CHANNEL_ARGS_CONFIG_SELECTOR_KEY]: _, ...rest } = options;
    const before = this.#turns;
    const turns = new Map<string, Turn>();
    this.#paused = true;
    for (const [place, endpoint] of (found.ok ? found.value : []).entries()) {
      const { identity } = entry.endpoints[place]!;
      const key = replicaKey(entry.endpoints[place]!);
      const replica = entry.outliers.replicas.get(key)!;
      // What stays keeps its connection.
      const turn = before.get(key) ?? {
        leaf: this.#connect(endpoint, identity, rest),
        connected: false,
        called: false,
      };
      turns.set(key, Object.assign(turn, { replica }));
    }
    this.#turns = turns;
    this.#paused = false;
    this.#refresh();
    // Last, so that calls that wait are sent elsewhere before what they would wait for is gone.
    for (const [key, turn] of before) if (!turns.has(key)) end(turn);
    return true;
  }

  exitIdle(): void {
    for (const turn of this.#turns.values()) comeBack(turn);
  }

  resetBackoff(): void {}

  destroy(): void {
    clearInterval(this.#timer);
    for (const turn of this.#turns.values()) end(turn);
    this.#turns.clear();
  }

  getTypeName(): string {
    return balancerName;
  }

  #connect(endpoint: experimental.Endpoint, identity: string, options: ChannelOptions) {
    const leafOptions = { ...options, [expectedIdentityOption]: identity };
    const leaf = new experimental.LeafLoadBalancer(endpoint, this.#leafHelper, leafOptions, "");
    leaf.startConnecting();
    return leaf;
  }

  #refresh(): void {
    if (this.#paused) return;
    const all = [...this.#turns.values()];
    const ready = all.filter(({ leaf }) => leaf.getConnectivityState() === ConnectivityState.READY);
    const waiting = all.some(({ leaf }) => {
      const state = leaf.getConnectivityState();
      return state === ConnectivityState.CONNECTING || state === ConnectivityState.IDLE;
    });
    if (ready.length > 0) {
      const picker = new BalancedPicker(this.#entry!, ready, this.#next);
      this.#helper.updateState(ConnectivityState.READY, picker, null);
    } else if (waiting) {
      const picker = new experimental.QueuePicker(this);
      this.#helper.updateState(ConnectivityState.CONNECTING, picker, null);
    } else {
      const picker = new experimental.UnavailablePicker({ details: this.#lastError });
      const { TRANSIENT_FAILURE } = ConnectivityState;
      this.#helper.updateState(TRANSIENT_FAILURE, picker, this.#lastError);
    }
    for (const turn of all) connectAgain(turn);
  }
}

/**
 * Who was sent away without having called comes back a while later, or when a call waits for it: a server
 * keeps few connections that nobody calls by, and who came at once would only push out the next.
 */
function connectAgain(turn: Turn): void {
  const { leaf, connected, called } = turn;
  const state = leaf.getConnectivityState();
  if (state === ConnectivityState.READY && !connected) {
    clearTimeout(turn.away);
    Object.assign(turn, { connected: true, called: false, away: undefined });
  } else if (state === ConnectivityState.IDLE) {
    turn.connected = false;
    if (connected && !called) {
      const away_ms = limits.connection_away_ms * (0.5 + Math.random());
      turn.away = setTimeout(() => comeBack(turn), away_ms).unref();
    } else if (!turn.away) leaf.exitIdle();
  }
}

/** It is wanted: from now on it is tried again whenever it fails. */
function comeBack(turn: Turn): void {
  clearTimeout(turn.away);
  turn.away = undefined;
  turn.leaf.exitIdle();
}

function end({ leaf, away }: Turn): void {
  clearTimeout(away);
  leaf.destroy();
}

class BalancedPicker implements experimental.Picker {
  readonly #entry: ServiceEntry;
  readonly #ready: readonly Turn[];
  readonly #next: { turn: number };

  constructor(entry: ServiceEntry, ready: readonly Turn[], next: { turn: number }) {
    this.#entry = entry;
    this.#ready = ready;
    this.#next = next;
  }

  pick(asked: experimental.PickArgs): experimental.PickResult {
    const now = performance.now();
    const turn = this.#choose(now);
    const { replica, leaf } = turn;
    const picked = leaf.getPicker().pick(asked);
    if (picked.pickResultType !== experimental.PickResultType.COMPLETE) return picked;
    turn.called = true;
    const { outliers, budget } = this.#entry;
    budget.sent();
    const attempt = outliers.began(replica, asked.extraPickInfo.method, now);
    return {
      ...picked,
      onCallEnded: (code, details, metadata) => {
        outliers.ended(attempt, code, performance.now());
        picked.onCallEnded?.(code, details, metadata);
      },
    };
  }

  /** Whose turn it is. When all that are ready are out of line, one of them is better than none. */
  #choose(now: number): Turn {
    const { outliers } = this.#entry;
    let returning: Turn | undefined;
    for (let tried = 0; tried < this.#ready.length; tried++) {
      const turn = this.#ready[this.#next.turn++ % this.#ready.length]!;
      const share = outliers.share(turn.replica, now);
      if (share === 1 || (share > 0 && Math.random() < share)) return turn;
      if (share > 0) returning = turn;
    }
    return returning ?? this.#ready[this.#next.turn++ % this.#ready.length]!;
  }
}

export function registerBalancer(): void {
  experimental.registerLoadBalancerType(balancerName, Balancer, BalancerConfig);
}
