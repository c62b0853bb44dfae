#include "media_sender.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "coded_error.h"
#include "monotonic_clock.h"

namespace mykvm {

namespace {

constexpr size_t RTP_HEADER_BYTES = 12;
// The original sequence number in front of a repaired payload (RFC 4588 section 4).
constexpr size_t RTX_BYTES = 2;
constexpr size_t CHANNEL_HEADER_BYTES = 4;
constexpr uint8_t MARKER = 0x80;
// The first packets of a large picture leave while the last ones are still protected.
constexpr size_t FLUSH_BYTES = 48 * 1024;

void put_u16(uint8_t* at, size_t value) {
  at[0] = static_cast<uint8_t>(value >> 8);
  at[1] = static_cast<uint8_t>(value);
}

void put_u32(uint8_t* at, uint32_t value) {
  put_u16(at, value >> 16);
  put_u16(at + 2, value & 0xffff);
}

}  // namespace

MediaSender::MediaSender(MediaSenderOptions options)
    : options_(std::move(options)),
      header_bytes_(RTP_HEADER_BYTES + options_.extension.size()),
      cipher_(options_.keys),
      history_(options_.history_packets, header_bytes_ + options_.most_payload_bytes),
      payloads_(options_.most_payload_bytes),
      rtx_next_(options_.rtx ? options_.rtx->next_index : 0),
      media_next_(options_.media.next_index) {}

void MediaSender::post(Job job, size_t bytes) {
  const std::lock_guard lock(jobs_mutex_);
  if (refuses_jobs_) return;
  jobs_.push_back(std::move(job));
  job_bytes_ += bytes;
}

std::optional<MediaSender::Job> MediaSender::take() {
  const std::lock_guard lock(jobs_mutex_);
  if (jobs_.empty()) return std::nullopt;
  Job job = std::move(jobs_.front());
  jobs_.pop_front();
  if (const auto* picture = std::get_if<Picture>(&job)) job_bytes_ -= picture->unit->size();
  return job;
}

bool MediaSender::has_route() {
  const std::lock_guard lock(jobs_mutex_);
  return std::any_of(jobs_.begin(), jobs_.end(), [](const Job& job) { return std::holds_alternative<Route>(job); });
}

void MediaSender::set_route(Route route) { post(std::move(route), 0); }

void MediaSender::set_pace(uint64_t bitrate_bps) { pace_bps_ = bitrate_bps; }

bool MediaSender::send(UnitCopy unit, uint32_t timestamp) {
  const size_t size = unit->size();
  if (job_bytes_ + datagram_bytes_ > options_.most_queued_bytes) return false;
  post(Picture{std::move(unit), timestamp}, size);
  return true;
}

size_t MediaSender::retransmit(const std::vector<uint16_t>& sequence_numbers) {
  const uint64_t next = media_next_;
  size_t gone = 0;
  const std::lock_guard lock(jobs_mutex_);
  for (const uint16_t number : sequence_numbers) {
    // The latest packet with this number.
    uint64_t index = (next & ~uint64_t{0xffff}) | number;
    if (index >= next) index -= 0x10000;
    // An index below zero has become a very large one.
    if (index < options_.media.next_index || index >= next || next - index > history_.count()) {
      gone += 1;
    } else if (!refuses_jobs_) {
      asked_.push_back(index);
    }
  }
  return gone;
}

MediaSender::Counters MediaSender::counters() const {
  const size_t queued_bytes = job_bytes_ + datagram_bytes_;
  return {packets_, payload_bytes_, retransmissions_, refused_, queued_bytes, Pacer::wait_ms(pace_bps_, queued_bytes)};
}

MediaSender::Numbers MediaSender::close() {
  closing_ = true;
  {
    const std::lock_guard lock(jobs_mutex_);
    refuses_jobs_ = true;
    if (job_bytes_ > 0) complete_ = false;
    jobs_.clear();
    asked_.clear();
    job_bytes_ = 0;
  }
  const std::lock_guard working(work_mutex_);
  if (!queue_.empty()) complete_ = false;
  queue_.clear();
  repairs_.clear();
  datagram_bytes_ = 0;
  route_ = Route();
  closed_ = true;
  Numbers numbers{options_.media, options_.rtx, complete_};
  numbers.media.next_index = media_next_;
  if (numbers.rtx) numbers.rtx->next_index = rtx_next_;
  return numbers;
}

MediaSender::Wait MediaSender::work() {
  const std::lock_guard working(work_mutex_);
  try {
    while (!closed_ && !closing_) {
      repair();
      if (const std::optional<Wait> wait = flush()) return *wait;
      std::optional<Job> job = take();
      if (!job) {
        pacer_.rest();
        return {};
      }
      std::visit([this](auto& one) { execute(one); }, *job);
    }
  } catch (const std::exception&) {
    // No memory, or OpenSSL has none: what was under way is lost like packets on the way.
    complete_ = false;
    failures_ += 1;
  }
  return {};
}

std::optional<MediaSender::Wait> MediaSender::flush() {
  using Flushed = DatagramQueue::Flushed;
  if (queue_.empty() && repairs_.empty()) return std::nullopt;
  const int64_t now_us = monotonic_us();
  // The rest of a picture is for the way that it has begun on: it leaves at once when there is another.
  pacer_.set_rate(has_route() ? 0 : pace_bps_.load());
  size_t left = Pacer::UNLIMITED;
  Flushed flushed = repairs_.flush(route_, left);
  pacer_.spend(now_us, Pacer::UNLIMITED - left);
  if (flushed == Flushed::ALL) {
    const size_t allowance = pacer_.allowance(now_us, job_bytes_ + queue_.bytes());
    left = allowance;
    flushed = queue_.flush(route_, left);
    pacer_.spend(now_us, allowance - left);
  }
  datagram_bytes_ = queue_.bytes() + repairs_.bytes();
  refused_ = queue_.refused() + repairs_.refused() + failures_;
  if (flushed == Flushed::ALL) return std::nullopt;
  if (flushed == Flushed::SOCKET_IS_FULL) return Wait{route_.fd(), -1};
  return Wait{-1, pacer_.next_us()};
}

void MediaSender::repair() {
  std::vector<uint64_t> asked;
  {
    const std::lock_guard lock(jobs_mutex_);
    asked.swap(asked_);
  }
  for (const uint64_t index : asked) {
    const PacketHistory::Packet packet = history_.find(index);
    if (packet.bytes != nullptr && !closing_) send_again(packet);
  }
}

void MediaSender::execute(const Picture& picture) {
  size_t flush_at = FLUSH_BYTES;
  payloads_.begin(picture.unit->data(), picture.unit->size());
  while (const H264Payload* payload = payloads_.next()) {
    if (closing_) {
      complete_ = false;
      return;
    }
    send_payload(*payload, picture.timestamp);
    if (queue_.bytes() < flush_at) continue;
    flush();
    flush_at = queue_.bytes() + FLUSH_BYTES;
  }
}

void MediaSender::execute(Route& route) { route_ = std::move(route); }

void MediaSender::send_payload(const H264Payload& payload, uint32_t timestamp) {
  const uint64_t index = media_next_;
  uint8_t* const packet = history_.reserve(index);
  packet[0] = options_.extension.empty() ? 0x80 : 0x90;
  packet[1] = (payload.last ? MARKER : 0) | options_.media.payload_type;
  put_u16(packet + 2, index & 0xffff);
  put_u32(packet + 4, timestamp);
  put_u32(packet + 8, options_.media.ssrc);
  if (!options_.extension.empty()) {
    std::memcpy(packet + RTP_HEADER_BYTES, options_.extension.data(), options_.extension.size());
  }
  uint8_t* at = packet + header_bytes_;
  for (const H264Payload::Piece& piece : payload.pieces) {
    std::memcpy(at, piece.bytes, piece.size);
    at += piece.size;
  }
  history_.commit(index, header_bytes_ + payload.size);
  // The number is used up before anything can leave under it.
  media_next_ = index + 1;
  protect(queue_, options_.media.ssrc, index, packet, header_bytes_ + payload.size);
  packets_ += 1;
  payload_bytes_ += payload.size;
}

// With RTX as a new packet of the other stream, else the same one under its own index: the same bytes again.
void MediaSender::send_again(const PacketHistory::Packet& packet) {
  retransmissions_ += 1;
  if (!options_.rtx) {
    protect(repairs_, options_.media.ssrc, packet.index, packet.bytes, packet.size);
    return;
  }
  const uint64_t index = rtx_next_++;
  repair_packet_.resize(packet.size + RTX_BYTES);
  uint8_t* const repair = repair_packet_.data();
  std::memcpy(repair, packet.bytes, header_bytes_);
  repair[1] = (packet.bytes[1] & MARKER) | options_.rtx->payload_type;
  put_u16(repair + 2, index & 0xffff);
  put_u32(repair + 8, options_.rtx->ssrc);
  put_u16(repair + header_bytes_, packet.index & 0xffff);
  std::memcpy(repair + header_bytes_ + RTX_BYTES, packet.bytes + header_bytes_, packet.size - header_bytes_);
  protect(repairs_, options_.rtx->ssrc, index, repair, repair_packet_.size());
}

void MediaSender::protect(DatagramQueue& queue, uint32_t ssrc, uint64_t index, const uint8_t* packet, size_t size) {
  const size_t front = route_.channel() == 0 ? 0 : CHANNEL_HEADER_BYTES;
  uint8_t* const datagram = queue.reserve(front + size + SrtpCipher::MOST_OVERHEAD);
  const SrtpIndex number{ssrc, static_cast<uint32_t>(index >> 16), static_cast<uint16_t>(index)};
  const size_t protected_size = cipher_.protect(number, packet, header_bytes_, size, datagram + front);
  if (front > 0) {
    put_u16(datagram, route_.channel());
    put_u16(datagram + 2, protected_size);
  }
  queue.commit(front + protected_size);
}

}  // namespace mykvm
