/**
 * An operation named by gRPC's convention, shop.CartService/Get. Its package says little, and where the service of the
 * span stands beside it, its interface neither. Names of HTTP, of queries and of people's own making stay as they are.
 */
const PACKAGED = /^(?:[A-Za-z_]\w*\.)+([A-Za-z_]\w*\/([A-Za-z_]\w*))$/;

/** CartService/Get of shop.CartService/Get; every other name whole. */
export function shortOperation(name: string): string {
  return PACKAGED.exec(name)?.[1] ?? name;
}

/** Get of shop.CartService/Get; every other name whole. */
export function methodName(name: string): string {
  return PACKAGED.exec(name)?.[2] ?? name;
}
