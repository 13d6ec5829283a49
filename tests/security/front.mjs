// The shop as it stands in production: behind something that ends TLS, with a public https address. What comes in plain
// is sent to https, as the load balancer's listener does it.
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts, isHealthy, PROGRAM, REPOSITORY, startShop } from '../browser/shop.mjs';

const READY_MS = 30_000;
const TLS_HANDSHAKE = 0x16; // the first byte of every TLS connection

// A certificate for localhost that lives as long as the shop.
function certificate(folder) {
  const [key, cert] = ['front.key', 'front.pem'].map((name) => join(folder, name));
  execFileSync('openssl', [
    'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', cert,
    '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost',
  ], { stdio: 'ignore' });
  return { key: readFileSync(key), cert: readFileSync(cert), file: cert };
}

// The demonstration, and beside it the same shop as `serve` runs it, at an https address. `cookie` is added to every
// request when it is set, for looking at the shop as somebody who is signed in.
export async function startBehindTls() {
  const demo = await startShop();
  const [port, inside] = [await freePorts(), await freePorts()];
  const url = `https://localhost:${port}`;
  const { key, cert, file } = certificate(demo.folder);
  const front = { url, host: `localhost:${port}`, file, demo, cookie: '' };

  const secure = createSecureServer({ key, cert }, (question, answer) => {
    const headers = { ...question.headers, 'x-forwarded-proto': 'https' };
    if (front.cookie) headers.cookie = [headers.cookie, front.cookie].filter(Boolean).join('; ');
    const onwards = request({ port: inside, host: '127.0.0.1', method: question.method, path: question.url, headers }, (said) => {
      answer.writeHead(said.statusCode, said.headers);
      said.pipe(answer);
    });
    onwards.on('error', () => answer.destroy());
    question.pipe(onwards);
  });
  const plain = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (first) => {
      if (first[0] === TLS_HANDSHAKE) {
        socket.pause();
        socket.unshift(first);
        secure.emit('connection', socket);
        process.nextTick(() => socket.resume());
        return;
      }
      const path = first.toString('latin1').split(' ')[1] ?? '/';
      socket.end(`HTTP/1.1 301 Moved Permanently\r\nLocation: ${url}${path}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
    });
  });
  await new Promise((ready) => { plain.listen(port, ready); });

  const shop = spawn(PROGRAM, ['serve'], {
    cwd: REPOSITORY,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      SHOP_BIND: `127.0.0.1:${inside}`,
      SHOP_PUBLIC_URL: url,
      SHOP_CODE_KEY: Buffer.alloc(32).toString('base64'),
      DATABASE_URL: `sqlite://${join(demo.folder, 'shop.db')}`,
      OIDC_ISSUER_URL: demo.provider,
      OIDC_CLIENT_ID: 'awsomeshop',
      S3_BUCKET: 'pictures',
      // Pictures come over https in production; here nobody has to send any.
      S3_ENDPOINT_URL: 'https://pictures.localhost',
      AWS_ACCESS_KEY_ID: 'none',
      AWS_SECRET_ACCESS_KEY: 'none',
      RUST_LOG: 'warn',
    },
  });
  let said = '';
  shop.stderr.on('data', (piece) => { said = (said + piece).slice(-4_000); });
  const ended = new Promise((done) => { shop.once('exit', done); });
  const orphan = () => shop.kill('SIGKILL');
  process.once('exit', orphan);
  front.stop = async () => {
    // Nothing here is waited for: what is tested ends with the test.
    orphan();
    await ended;
    process.off('exit', orphan);
    secure.closeAllConnections();
    plain.close();
    await demo.stop();
  };
  const giveUp = Date.now() + READY_MS;
  while (!(await isHealthy(`http://127.0.0.1:${inside}`))) {
    if (shop.exitCode !== null || Date.now() > giveUp) {
      await front.stop();
      throw new Error(`the shop did not start: ${said}`);
    }
    await sleep(50);
  }
  return front;
}

// Signs somebody in at the demonstration, whose sessions are the other's too; the cookie of it.
export async function sessionOf(demo, person) {
  const begun = await fetch(`${demo.url}/sign-in`, { redirect: 'manual' });
  const attempt = begun.headers.getSetCookie()[0].split(';')[0];
  const provider = begun.headers.get('location');
  const page = await (await fetch(provider)).text();
  const action = new URL(/<form[^>]* action="([^"]+)"/.exec(page)[1].replaceAll('&#38;', '&'), provider);
  const picked = await fetch(action, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ person }) });
  const back = await fetch(picked.headers.get('location'), { redirect: 'manual', headers: { cookie: attempt } });
  return back.headers.getSetCookie().map((cookie) => cookie.split(';')[0]).find((cookie) => cookie.startsWith('__Host-session='));
}
