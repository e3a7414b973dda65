const ONE = new Intl.NumberFormat("sv-SE", { maximumFractionDigits: 1 });

/** "1,8": at most one decimal, the Swedish way. */
export function decimal(value: number): string {
  return ONE.format(value);
}
