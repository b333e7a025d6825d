import { systemClock } from '../../../adapters/clock.ts';
import { openUpstream } from '../../../adapters/upstream/open-upstream.ts';
import { esiaScene, esiaVisitor, REDIRECT_URI, silent } from '../../support/esia/esia-scene.ts';
import { RSAA_REDIRECT_URI, rsaaScene, rsaaVisitor } from '../../support/esia/rsaa-scene.ts';
import { upstreamContract } from './upstream-contract.ts';

const VARIANTS = [
  ['v1', 'RS256'],
  ['v2', 'GOST3410_2012_256'],
] as const;

for (const [protocol, token_alg] of VARIANTS) {
  upstreamContract(`ЕСИА ${protocol}, tokens in ${token_alg}`, async () => {
    const scene = await esiaScene({ system: { token_alg } });
    const { faults } = scene.simulator.scene;
    const visitor = () => esiaVisitor(scene.simulator.url);
    return {
      upstream: scene.open({ protocol, tokenAlgorithms: [token_alg] }),
      redirectUri: REDIRECT_URI,
      signIn: (authorize) => visitor().signIn(authorize, 'orlova@example.test'),
      cancel: (authorize) => visitor().cancel(authorize),
      breakToken: (te) => void faults.set({ te }),
      breakPage: (ac) => void faults.set({ ac }),
      breakIdToken: (tokens) => void faults.set({ tokens }),
      close: scene.close,
    };
  });
}

upstreamContract('РСАА', async () => {
  const { simulator, settings } = await rsaaScene();
  const visitor = rsaaVisitor(simulator);
  return {
    upstream: openUpstream(settings, { clock: systemClock, signerEvents: silent }),
    redirectUri: RSAA_REDIRECT_URI,
    signIn: (authorize) => visitor.signIn(authorize, 'orlova_is'),
    cancel: (authorize) => visitor.cancel(authorize),
    breakToken: (token) => void simulator.faults.set({ token }),
    breakPage: (auth) => void simulator.faults.set({ auth }),
    breakIdToken: (idToken) => void simulator.faults.set({ idToken }),
    close: simulator.close,
  };
});
