// A provider of identities for tests: whoever enters a name is who they say; addresses are NAME@example.org.
// Usage: node provider.mjs FOLDER-OF-oidc-provider PORT REDIRECT-URI
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [folder, port, redirectUri] = process.argv.slice(2);
const require = createRequire(`${folder}/`);
const { default: Provider } = await import(pathToFileURL(require.resolve('oidc-provider')).href);

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: 'rapport', client_secret: 'a secret of tests', redirect_uris: [redirectUri] }],
  claims: { openid: ['sub'], email: ['email', 'email_verified'] },
  findAccount: (ctx, id) => ({
    accountId: id,
    claims: () => ({
      sub: id,
      email: `${id.replace('unverified.', '')}@example.org`,
      email_verified: !id.startsWith('unverified.'),
    }),
  }),
});
provider.listen(Number(port), '127.0.0.1', () => console.log('ready'));
process.stdin.on('end', () => process.exit(0)).resume();
