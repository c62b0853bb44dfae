#!/usr/bin/python3
"""A WHEP player made of Debian's GStreamer alone: whep_player.py URL BEARER-TOKEN

It knows nothing of this project: H.264 video from any server of draft-ietf-wish-whep. Writes one JSON object per
line: {"status": ..., "location": ...} for the answer, {"state": ...} for each state of the connection, {"width": ...,
"height": ...} for each decoded picture. Ends the session and writes {"deleted": STATUS} when its input ends.
"""
import json
import ssl
import sys
import threading
import urllib.parse
import urllib.request

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstSdp", "1.0")
gi.require_version("GstWebRTC", "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC  # noqa: E402

VIDEO = (
    "application/x-rtp,media=video,encoding-name=H264,payload=96,clock-rate=90000,"
    "packetization-mode=(string)1,profile-level-id=(string)42e01f,rtcp-fb-nack=(boolean)true,rtcp-fb-nack-pli=(boolean)true"
)
DECODER = "rtph264depay ! h264parse ! openh264dec ! fakesink name=shown signal-handoffs=true sync=false"


def say(**facts):
    print(json.dumps(facts), flush=True)


class WhepPlayer:
    def __init__(self, url, token):
        self.url = url
        self.token = token
        self.resource = None
        self.pipeline = Gst.Pipeline.new()
        self.peer = Gst.ElementFactory.make("webrtcbin")
        self.peer.set_property("bundle-policy", GstWebRTC.WebRTCBundlePolicy.MAX_BUNDLE)
        self.peer.connect("on-negotiation-needed", lambda peer: self.offer())
        self.peer.connect("notify::ice-gathering-state", lambda *_: self.send_when_gathered())
        self.peer.connect("notify::connection-state", lambda *_: self.tell_state())
        self.peer.connect("pad-added", self.show)
        self.pipeline.add(self.peer)
        receive = GstWebRTC.WebRTCRTPTransceiverDirection.RECVONLY
        self.peer.emit("add-transceiver", receive, Gst.Caps.from_string(VIDEO))
        self.pipeline.set_state(Gst.State.PLAYING)

    def offer(self):
        promise = Gst.Promise.new_with_change_func(self.offered)
        self.peer.emit("create-offer", None, promise)

    def offered(self, promise):
        # The offer lives in the reply.
        reply = promise.get_reply()
        self.peer.emit("set-local-description", reply["offer"], Gst.Promise.new())

    def send_when_gathered(self):
        if self.peer.get_property("ice-gathering-state") != GstWebRTC.WebRTCICEGatheringState.COMPLETE:
            return
        threading.Thread(target=self.post, daemon=True).start()

    def post(self):
        sdp = self.peer.get_property("local-description").sdp.as_text()
        reply = self.request("POST", self.url, sdp.encode())
        location = reply.headers["Location"]
        self.resource = urllib.parse.urljoin(self.url, location)
        say(status=reply.status, location=location, link=reply.headers.get_all("Link") or [])
        _, answer = GstSdp.SDPMessage.new_from_text(reply.read().decode())
        described = GstWebRTC.WebRTCSessionDescription.new(GstWebRTC.WebRTCSDPType.ANSWER, answer)
        self.peer.emit("set-remote-description", described, Gst.Promise.new())

    def request(self, method, url, body=None):
        # The certificate was made a moment ago; its checks are tested elsewhere.
        trust = ssl.create_default_context()
        trust.check_hostname = False
        trust.verify_mode = ssl.CERT_NONE
        headers = {"Authorization": f"Bearer {self.token}"}
        if body is not None:
            headers["Content-Type"] = "application/sdp"
        sent = urllib.request.Request(url, body, headers, method=method)
        return urllib.request.urlopen(sent, context=trust)

    def tell_state(self):
        say(state=self.peer.get_property("connection-state").value_nick)

    def show(self, _, pad):
        decoder = Gst.parse_bin_from_description(DECODER, True)
        decoder.get_by_name("shown").connect("handoff", self.picture)
        self.pipeline.add(decoder)
        decoder.sync_state_with_parent()
        pad.link(decoder.get_static_pad("sink"))

    def picture(self, sink, _buffer, _pad):
        caps = sink.get_static_pad("sink").get_current_caps().get_structure(0)
        say(width=caps.get_value("width"), height=caps.get_value("height"))

    def stop(self):
        if self.resource is not None:
            say(deleted=self.request("DELETE", self.resource).status)
        self.pipeline.set_state(Gst.State.NULL)


Gst.init(None)
loop = GLib.MainLoop()
player = WhepPlayer(sys.argv[1], sys.argv[2])


def end_with_input():
    sys.stdin.read()
    player.stop()
    loop.quit()


threading.Thread(target=end_with_input, daemon=True).start()
loop.run()
