#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <variant>
#include <vector>

#include "datagram_queue.h"
#include "h264_payloads.h"
#include "media_thread.h"
#include "pacer.h"
#include "packet_history.h"
#include "srtp_cipher.h"
#include "unit_copies.h"

namespace mykvm {

// The numbers of one RTP stream: what the next packet gets.
struct RtpNumbers {
  uint32_t ssrc = 0;
  uint8_t payload_type = 0;
  // Rollover counter (the upper 32 bits) and sequence number (RFC 3711 section 3.3.1).
  uint64_t next_index = 0;
};

struct MediaSenderOptions {
  RtpNumbers media;
  // Of retransmissions (RFC 4588); without it a packet is sent again as it was.
  std::optional<RtpNumbers> rtx;
  SrtpKeys keys;
  // The header extension of each packet as on the wire, profile and length included (RFC 3550 section 5.3.1); may be empty.
  std::vector<uint8_t> extension;
  size_t most_payload_bytes;
  size_t history_packets;
  // Above this many waiting bytes pictures are refused.
  size_t most_queued_bytes;
};

// Sends the pictures of one viewer: access units in, RTP packets of RFC 6184 protected by SRTP out, and again on demand. The calls
// return at once; the work is done in MediaThread, in the order of the calls, but what is sent again overtakes what waits.
class MediaSender : public MediaThread::Client {
 public:
  struct Counters {
    uint64_t packets;
    // RTP payload without retransmissions.
    uint64_t bytes;
    uint64_t retransmissions;
    uint64_t refused;
    size_t queued_bytes;
    // How long the last of them waits at the present pace; 0 without one.
    double paced_ms;
  };
  struct Numbers {
    RtpNumbers media;
    std::optional<RtpNumbers> rtx;
    // Nothing was left waiting.
    bool complete;
  };

  // Throws CodedError ERR_NO_OPENSSL or ERR_OPENSSL.
  explicit MediaSender(MediaSenderOptions options);

  // What follows leaves here.
  void set_route(Route route);
  // Pictures leave no faster than this from now on, but for short bursts; 0: at once.
  void set_pace(uint64_t bitrate_bps);
  // False: the socket does not drain, and the picture is not sent.
  bool send(UnitCopy unit, uint32_t timestamp);
  // Sends again what is still known. Returns how many packets are gone.
  size_t retransmit(const std::vector<uint16_t>& sequence_numbers);
  Counters counters() const;
  // Ends what is under way, drops what waits, and returns the numbers for a successor. No packet leaves after it. Idempotent.
  Numbers close();

  Wait work() override;

 private:
  struct Picture {
    UnitCopy unit;
    uint32_t timestamp;
  };
  using Job = std::variant<Picture, Route>;

  void post(Job job, size_t bytes);
  std::optional<Job> take();
  bool has_route();
  void execute(const Picture& picture);
  void execute(Route& route);
  // Queues what is to be sent again.
  void repair();
  // Makes the packet of a payload in the history and queues it.
  void send_payload(const H264Payload& payload, uint32_t timestamp);
  void send_again(const PacketHistory::Packet& packet);
  void protect(DatagramQueue& queue, uint32_t ssrc, uint64_t index, const uint8_t* packet, size_t size);
  // Sends what may leave now, repairs first; also counts. Without a value nothing waits any more.
  std::optional<Wait> flush();

  const MediaSenderOptions options_;
  const size_t header_bytes_;

  // Guards the jobs.
  std::mutex jobs_mutex_;
  std::deque<Job> jobs_;
  // Indexes of packets to be sent again.
  std::vector<uint64_t> asked_;
  bool refuses_jobs_ = false;

  // Held while the thread works, and by close().
  std::mutex work_mutex_;
  bool closed_ = false;
  bool complete_ = true;
  SrtpCipher cipher_;
  PacketHistory history_;
  H264Payloads payloads_;
  // Of one picture at most.
  DatagramQueue queue_;
  DatagramQueue repairs_;
  Pacer pacer_;
  Route route_;
  std::vector<uint8_t> repair_packet_;
  uint64_t rtx_next_;
  uint64_t failures_ = 0;

  std::atomic<bool> closing_{false};
  std::atomic<uint64_t> pace_bps_{0};
  std::atomic<uint64_t> media_next_;
  std::atomic<uint64_t> packets_{0};
  std::atomic<uint64_t> payload_bytes_{0};
  std::atomic<uint64_t> retransmissions_{0};
  std::atomic<uint64_t> refused_{0};
  // Access units that wait, and datagrams.
  std::atomic<size_t> job_bytes_{0};
  std::atomic<size_t> datagram_bytes_{0};
};

}  // namespace mykvm
