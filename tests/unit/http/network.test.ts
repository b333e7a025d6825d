import { expect, it } from 'vitest';
import { networkOf, sourceOf } from '../../../provider/http/network.ts';

it.each([
  ['203.0.113.77', '203.0.113.0/24', '203.0.113.77'],
  ['::ffff:203.0.113.77', '203.0.113.0/24', '203.0.113.77'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1::/48', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::1', '2001:db8:1::/48', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0::/48', '2001:db8:0:0::/64'],
  ['::1', '0:0:0::/48', '0:0:0:0::/64'],
])('%s belongs to %s and is counted as %s', (address, network, source) => {
  expect(networkOf(address)).toBe(network);
  expect(sourceOf(address)).toBe(source);
});

it('gives every spelling that is no address one place', () => {
  expect(networkOf('')).toBe(networkOf('nonsense'));
});
