import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

/** What a console needs; what else browsers offer is off. Keyboard and pointer lock are no features of this header. */
const PERMISSIONS = [
  'fullscreen=(self)',
  'keyboard-map=(self)',
  'clipboard-read=(self)',
  'clipboard-write=(self)',
  'screen-wake-lock=(self)',
  'camera=()',
  'microphone=()',
  'geolocation=()',
  'payment=()',
  'usb=()',
  'serial=()',
  'midi=()',
].join(', ');

/** Puts the security headers on every reply. */
export async function addSecurityHeaders(app: FastifyInstance): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        // Lit uses adopted style sheets, which no directive touches.
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'blob:', 'data:'],
        fontSrc: ["'self'"],
        // Covers wss of the same origin too (CSP level 3).
        connectSrc: ["'self'"],
        mediaSrc: ["'self'", 'blob:', 'mediastream:'],
        workerSrc: ["'self'", 'blob:'],
        manifestSrc: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
      },
    },
    // With a self-signed certificate HSTS would take away the browser's "proceed anyway", and it would bind all ports
    // of the name, which other services may share.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'no-referrer' },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    crossOriginEmbedderPolicy: false,
    xFrameOptions: { action: 'deny' },
  });
  app.addHook('onSend', async (request, reply) => {
    reply.header('Permissions-Policy', PERMISSIONS);
    if (request.url.startsWith('/api/')) reply.header('Cache-Control', 'no-store');
  });
}
