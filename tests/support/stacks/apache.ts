/** Apache as a program of nobody's: the snippet of mod_auth_openidc in the smallest server that can hold it. */
import { chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stack, Values } from '../../../clients/developers/snippets/snippets.ts';
import { type Server, startServer, unprivileged } from '../services/server.ts';
import { layOut } from './workbench.ts';

const MODULES = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'dir', 'mime', 'filter', 'include'];

/** A page says who it is: its variables are those that an application behind would read. */
const PAGE =
  '{"iss":"<!--#echo var="OIDC_CLAIM_iss" -->","sub":"<!--#echo var="OIDC_CLAIM_sub" -->",' +
  '"name":"<!--#echo var="OIDC_CLAIM_name" -->","user":"<!--#echo var="REMOTE_USER" -->"}';

const configuration = (directory: string, port: number): string => `
ServerRoot /usr/lib/apache2
ServerName localhost:${port}
Listen 127.0.0.1:${port}
DefaultRuntimeDir ${directory}
PidFile ${directory}/pid
Mutex file:${directory}
ErrorLog "|/bin/cat"
StartServers 1
${[...MODULES, 'auth_openidc'].map((name) => `LoadModule ${name}_module modules/mod_${name}.so`).join('\n')}
TypesConfig /dev/null
AddType application/json .shtml
AddOutputFilter INCLUDES .shtml
DocumentRoot ${directory}/pages
DirectoryIndex index.shtml
<Directory ${directory}/pages>
  Options +Includes
</Directory>
Include ${directory}/union-id.conf
# Anybody may see this one: where people arrive after sign-out.
<Location /signed-out.html>
  Require all granted
</Location>
# What the snippet does a minute before the access token ends happens here in its last hour: always.
<Location /refreshing.shtml>
  OIDCRefreshAccessTokenBeforeExpiry 3600 logout_on_error
</Location>
`;

export async function startApache(stack: Stack, values: Values, port: number): Promise<Server> {
  const owner = await unprivileged('www-data');
  const directory = await layOut(stack, values, owner);
  await writeFile(join(directory, 'apache2.conf'), configuration(directory, port));
  const pages = join(directory, 'pages');
  await mkdir(pages);
  if (owner) await chown(pages, owner.uid, owner.gid);
  await writeFile(join(pages, 'index.shtml'), PAGE);
  await writeFile(join(pages, 'refreshing.shtml'), PAGE);
  await writeFile(join(pages, 'signed-out.html'), 'signed out');
  return startServer({
    command: ['/usr/sbin/apache2', '-DFOREGROUND', '-f', join(directory, 'apache2.conf')],
    directory,
    readyLine: /resuming normal operations/,
    ...(owner && { owner }),
  });
}
