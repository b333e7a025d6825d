/** Signs by OpenSSL's command with the GOST engine (Debian: libengine-gost-openssl). The key's path is an argument, never the key. */
import { type Ran, runProgram } from './run-program.ts';
import { SignerMisconfigured, SignerUnavailable } from './signer.ts';
import { keyOf, type Way } from './way.ts';

export function signByEngine({ openssl, engine }: { openssl: string; engine: string }): Way {
  return async (message, pair, signal) => {
    const command = [openssl, 'dgst', '-engine', engine, '-md_gost12_256', '-sign', keyOf(pair)] as const;
    const ran = await runProgram(command, message, signal);
    if (ran.code === 0) return ran.out;
    throw failure(ran, engine);
  };
}

/** OpenSSL's words hold paths and reasons, nothing of a key. */
function failure({ code, err }: Ran, engine: string): Error {
  if (/[Ii]nvalid engine|could not load the shared library|not found/.test(err)) {
    return new SignerMisconfigured(
      `OpenSSL finds no engine «${engine}». Install libengine-gost-openssl, or name the path of its gost.so.`,
    );
  }
  if (/[Cc]ould not (?:read|open|find)|unable to load|No such file/.test(err)) {
    return new SignerMisconfigured(
      'OpenSSL cannot read the private key. Is it a GOST key in PEM without a password?',
    );
  }
  return new SignerUnavailable(`OpenSSL ended with ${code}.`);
}
