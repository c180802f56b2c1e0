/**
 * The part of the metadata reflection proposal that `@peculiar/x509` asks of its surroundings (through tsyringe, which keeps
 * constructors' parameters in it). Import it before that package; a fuller one that is there already is left alone.
 */
const metadata = new WeakMap<object, Map<unknown, unknown>>();

function getOwnMetadata(key: unknown, target: object): unknown {
  return metadata.get(target)?.get(key);
}

function getMetadata(key: unknown, target: object): unknown {
  for (let holder: object | null = target; holder !== null; holder = parentOf(holder)) {
    if (metadata.get(holder)?.has(key) === true) return getOwnMetadata(key, holder);
  }
  return undefined;
}

function defineMetadata(key: unknown, value: unknown, target: object): void {
  const own = metadata.get(target) ?? new Map<unknown, unknown>();
  metadata.set(target, own.set(key, value));
}

function parentOf(target: object): object | null {
  const parent: unknown = Object.getPrototypeOf(target);
  return typeof parent === 'function' || typeof parent === 'object' ? parent : null;
}

if (!('getMetadata' in Reflect)) Object.assign(Reflect, { getOwnMetadata, getMetadata, defineMetadata });
