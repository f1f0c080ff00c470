/**
 * The data agent: answers questions about tables in German and English, without a model. It shows
 * the SQL it ran and how it read the question; what it does not understand it refuses by name.
 * It reads artifacts and writes long results as artifacts; it calls no other service.
 */
import { type AgentContext, defineAgent, fail } from "@keiko/agent";
import type { File } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { DataService } from "@keiko/gen/keiko/data/v1/data_service_pb.js";
import { createEngine } from "./engine.ts";
import { DataFailure, inLanguage } from "./failure.ts";
import { type DataLimits, dataLimits } from "./limits.ts";
import { warmLibraries } from "./warm.ts";

/** The agent under other limits than the usual ones: its files may be larger, say. */
export function dataAgent(limits: DataLimits = dataLimits) {
  const engine = createEngine(limits);
  return defineAgent({
    name: "data",
    contract: DataService,
    skills: {
      async answerQuestion(context, { source, question, language, earlierQuestions }) {
        const call = await callOf(context, source!, language);
        return refusing(engine.answer({ ...call, question, earlier: earlierQuestions }), language);
      },

      async describeTable(context, { source, language }) {
        return refusing(engine.describe(await callOf(context, source!, language)), language);
      },

      async previewTable(context, request) {
        const { source, language, rowCount, rowOffset, filters, orderBy, descending } = request;
        const call = await callOf(context, source!, language);
        const page = { count: rowCount, offset: rowOffset, filters, order_by: orderBy, descending };
        return refusing(engine.preview({ ...call, ...page }), language);
      },
    },
    warm: warmLibraries,
  });
}

export const data = dataAgent();

async function callOf({ artifacts, signal }: AgentContext, source: File, language: string) {
  const { name, filename, sizeBytes } = source;
  const path = await artifacts.file(source);
  const file = { path, key: name, filename: filename || name, size_bytes: Number(sizeBytes) };
  return { file, language, signal, write: artifacts.write };
}

/** The agent's refusals are its callers' errors, word by word, in their language where there are two. */
async function refusing<T>(work: Promise<T>, language: string): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof DataFailure)) throw error;
    const { message, remedy, field, metadata, suggestions } = error.detail;
    throw fail(error.reason, {
      message: inLanguage(message, language),
      ...(remedy === undefined ? {} : { remedy: inLanguage(remedy, language) }),
      ...(field === undefined ? {} : { field }),
      ...(metadata === undefined ? {} : { metadata: { ...metadata } }),
      ...(suggestions === undefined ? {} : { suggestions: [...suggestions] }),
      cause: error,
    });
  }
}
