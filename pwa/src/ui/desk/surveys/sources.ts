import type { SurveySource } from "../../../domain/wire";

/** Each is shown, counted and compared by itself. */
export const SOURCES: readonly SurveySource[] = ["citizens", "youth", "staff"];
