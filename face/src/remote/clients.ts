import { type Client, createClient, type Interceptor, type Transport } from "@connectrpc/connect";
import { DataService } from "@keiko/gen/keiko/data/v1/data_service_pb.js";
import { EventService } from "@keiko/gen/keiko/event/v1/event_service_pb.js";
import { ObservabilityService } from "@keiko/gen/keiko/observability/v1/observability_service_pb.js";
import { PlanService } from "@keiko/gen/keiko/plan/v1/plan_service_pb.js";
import { RegistryService } from "@keiko/gen/keiko/registry/v1/registry_service_pb.js";
import { TaskService } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { createContext } from "svelte";

/** The services of the gateway that the console calls. */
export interface Clients {
  tasks: Client<typeof TaskService>;
  plans: Client<typeof PlanService>;
  registry: Client<typeof RegistryService>;
  data: Client<typeof DataService>;
  events: Client<typeof EventService>;
  observability: Client<typeof ObservabilityService>;
}

export const createClients = (transport: Transport): Clients => ({
  tasks: createClient(TaskService, transport),
  plans: createClient(PlanService, transport),
  registry: createClient(RegistryService, transport),
  data: createClient(DataService, transport),
  events: createClient(EventService, transport),
  observability: createClient(ObservabilityService, transport),
});

/** What is told about the fate of every call. */
export interface CallObserver {
  succeeded(): void;
  failed(error: unknown): void;
}

/** Tells an observer how calls end; a stream counts as succeeded once it is open. */
export const observeCalls =
  (observer: CallObserver): Interceptor =>
  (next) =>
  async (request) => {
    try {
      const response = await next(request);
      observer.succeeded();
      return response;
    } catch (error) {
      observer.failed(error);
      throw error;
    }
  };

export const [useClients, provideClients] = createContext<Clients>();
