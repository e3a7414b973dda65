/** Numbers from a seed: the same seed gives the same evening. Mulberry32, started from an FNV-1a hash of the words. */
export class Chance {
  private state: number;

  constructor(...words: (string | number)[]) {
    let hash = 0x811c9dc5;
    for (const letter of words.join("/")) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
    this.state = hash >>> 0;
  }

  /** At least 0, below 1. */
  next = (): number => {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };

  fill = (bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> => {
    for (let at = 0; at < bytes.length; at++) bytes[at] = Math.floor(this.next() * 256);
    return bytes;
  };
}
