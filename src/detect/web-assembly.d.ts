/** The part of WebAssembly's interface that is used here: the types for Node declare none of it before version 22. */
declare namespace WebAssembly {
  interface Module {
    readonly [Symbol.toStringTag]: string;
  }
  const Module: new (bytes: Uint8Array) => Module;
  class Memory {
    readonly buffer: ArrayBuffer;
    constructor(descriptor: { readonly initial: number; readonly maximum: number });
  }
  class Instance {
    readonly exports: Readonly<Record<string, (...args: readonly number[]) => number>>;
    constructor(module: Module, imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>);
  }
}
