import type { TradeShop } from "../../../domain/wire";

/** 47 of "2026-W47". */
export function weekNumber(week: string): number {
  return Number(week.slice(-2));
}

export interface Bar {
  x: number;
  height: number;
  n: number | null;
}

export const BAR = 20;
export const TALL = 60;

/** One bar for each week, `most` as tall as there is room; what nobody has told has no bar. */
export function barsOf(numbers: readonly (number | null | undefined)[], most: number): Bar[] {
  return numbers.map((n, i) => ({
    x: i * BAR,
    height: n ? Math.max(2, Math.round((n / Math.max(1, most)) * TALL)) : 0,
    n: n ?? null,
  }));
}

/** The highest number of any shop: one scale for all, so that bars can be compared. */
export function mostOf(shops: readonly TradeShop[], kind: string): number {
  return Math.max(0, ...shops.flatMap((shop) => shop.weeks.map((week) => week.numbers[kind] ?? 0)));
}

/** What was typed, as a number; nothing typed is nothing told. null in the row: it is no number. */
export function asNumber(typed: string): number | null {
  return /^\d{1,3}$/.test(typed.trim()) ? Number(typed.trim()) : null;
}
