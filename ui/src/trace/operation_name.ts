/** A gRPC operation without its package, which says little: CartService/Get of shop.CartService/Get. */
const PACKAGED = /^(?:[A-Za-z_]\w*\.)+([A-Za-z_]\w*\/[A-Za-z_]\w*)$/;

export function shortOperation(name: string): string {
  return PACKAGED.exec(name)?.[1] ?? name;
}
