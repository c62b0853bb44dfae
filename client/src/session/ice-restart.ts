/** The lines `a=NAME:...` of an SDP or of a fragment, whole, in their order. */
export function sdpLines(sdp: string, name: string): string[] {
  return sdp.split(/\r?\n/).filter((line) => line.startsWith(`a=${name}:`));
}

/**
 * The answer after an ICE restart: all that was negotiated stays, only credentials and candidates are those of the
 * appliance's fragment (RFC 8840). Null when the fragment lacks them.
 */
export function restartedAnswer(answerSdp: string, fragment: string): string | null {
  const ufrag = sdpLines(fragment, 'ice-ufrag')[0];
  const pwd = sdpLines(fragment, 'ice-pwd')[0];
  if (!ufrag || !pwd) return null;
  const candidates = sdpLines(fragment, 'candidate');
  const lines = answerSdp.split(/\r?\n/).filter((line) => !/^a=(candidate|end-of-c)/.test(line));
  return lines
    .flatMap((line) => {
      if (line.startsWith('a=ice-ufrag:')) return [ufrag];
      if (line.startsWith('a=ice-pwd:')) return [pwd, ...candidates];
      return [line];
    })
    .join('\r\n');
}
