// What every runtime of ours has (page, worker, Node): the domain knows these and no other globals.
declare const crypto: {
  getRandomValues(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>;
  readonly subtle: { digest(algorithm: string, data: ArrayBuffer | Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> };
};
declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}
