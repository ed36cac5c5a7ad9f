import { expect, it } from 'vitest';
import { methodName, shortOperation } from './operation_name';

it.each([
  ['shop.CartService/Get', 'CartService/Get', 'Get'],
  ['acme.shop.v1.CartService/Get', 'CartService/Get', 'Get'],
  ['CartService/Get', 'CartService/Get', 'CartService/Get'],
  ['GET /report', 'GET /report', 'GET /report'],
  ['/report/daily', '/report/daily', '/report/daily'],
  ['GET shop.example/cart', 'GET shop.example/cart', 'GET shop.example/cart'],
  ['shop.example/v1/cart', 'shop.example/v1/cart', 'shop.example/v1/cart'],
  ['SELECT a.b/c', 'SELECT a.b/c', 'SELECT a.b/c'],
  ['', '', ''],
])('%j is told as %j, and beside its service as %j', (name, short, method) => {
  expect(shortOperation(name)).toBe(short);
  expect(methodName(name)).toBe(method);
});
