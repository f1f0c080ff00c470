/**
 * What people ask, and what the right answer is. The figures are computed from the raw files,
 * through none of Keiko's code; the goals are phrased as different people would phrase them.
 */
import type { Goal, RefusedGoal } from "./goal.ts";
import { knownGaps } from "./known-gaps.ts";
import { pending } from "./pending.ts";
import { aviationGoals, aviationRefused } from "./sets/aviation.ts";
import { carGoals, carRefused } from "./sets/cars.ts";
import { climateGoals, climateRefused } from "./sets/climate.ts";
import { countryGoals, countryRefused } from "./sets/countries.ts";
import { eventGoals, eventRefused } from "./sets/events.ts";
import { examGoals, examRefused } from "./sets/exam.ts";
import { examFiveGoals, examFiveRefused } from "./sets/exam-five.ts";
import { examFourGoals, examFourRefused } from "./sets/exam-four.ts";
import { examSevenGoals, examSevenRefused } from "./sets/exam-seven.ts";
import { examSixGoals, examSixRefused } from "./sets/exam-six.ts";
import { examThreeGoals, examThreeRefused } from "./sets/exam-three.ts";
import { examTwoGoals, examTwoRefused } from "./sets/exam-two.ts";
import { farmingGoals, farmingRefused } from "./sets/farming.ts";
import { marketGoals, marketRefused } from "./sets/markets.ts";
import { movieGoals, movieRefused } from "./sets/movies.ts";
import { ownGoals, ownRefused } from "./sets/own.ts";
import { penguinGoals, penguinRefused } from "./sets/penguins.ts";
import { peopleGoals, peopleRefused } from "./sets/people.ts";
import { strangersEnglish, strangersEnglishRefused } from "./sets/strangers-english.ts";
import { strangersGerman, strangersGermanRefused } from "./sets/strangers-german.ts";
import { salesGoals, salesRefused } from "./sets/umsatz.ts";
import { weatherGoals, weatherRefused } from "./sets/weather.ts";
import { workGoals, workRefused } from "./sets/work.ts";

/** Everything that can be answered from its file, whether Keiko does so yet or not. */
export const answerable: readonly Goal[] = [
  ...weatherGoals,
  ...carGoals,
  ...movieGoals,
  ...countryGoals,
  ...penguinGoals,
  ...climateGoals,
  ...marketGoals,
  ...farmingGoals,
  ...aviationGoals,
  ...eventGoals,
  ...workGoals,
  ...peopleGoals,
  ...salesGoals,
  ...ownGoals,
  ...examGoals,
  ...examTwoGoals,
  ...examThreeGoals,
  ...examFourGoals,
  ...examFiveGoals,
  ...examSixGoals,
  ...examSevenGoals,
  ...strangersGerman,
  ...strangersEnglish,
];

const open = (goal: Goal) => !(goal.goal in knownGaps) && !(goal.goal in pending);

/** What Keiko answers. */
export const goals = answerable.filter(open);
/** What Keiko refuses although it could be answered. */
export const gapGoals = answerable.filter(({ goal }) => goal in knownGaps);

/** What no answer can be given to. */
export const unanswerable: readonly RefusedGoal[] = [
  ...weatherRefused,
  ...carRefused,
  ...movieRefused,
  ...countryRefused,
  ...penguinRefused,
  ...climateRefused,
  ...marketRefused,
  ...farmingRefused,
  ...aviationRefused,
  ...eventRefused,
  ...workRefused,
  ...peopleRefused,
  ...salesRefused,
  ...ownRefused,
  ...examRefused,
  ...examTwoRefused,
  ...examThreeRefused,
  ...examFourRefused,
  ...examFiveRefused,
  ...examSixRefused,
  ...examSevenRefused,
  ...strangersGermanRefused,
  ...strangersEnglishRefused,
];
export const refusedGoals = unanswerable.filter(({ goal }) => !(goal in pending));
