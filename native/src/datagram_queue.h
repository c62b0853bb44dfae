#pragma once

#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "unique_fd.h"

namespace mykvm {

// Where datagrams leave, and to whom.
class Route {
 public:
  Route() = default;
  // Takes a duplicate of the UDP socket `fd`, so that it stays open whatever its owner does. `address` is a numeric IPv4 or
  // IPv6 address of the socket's family, with a zone where it has one. `channel` of a TURN server at this address goes in front
  // of each datagram (RFC 8656 section 12.4); 0 for none. Throws CodedError: EBADF, EINVAL for an address that is none.
  Route(int fd, const std::string& address, uint16_t port, uint16_t channel);

  int fd() const { return fd_.get(); }
  const sockaddr_storage& address() const { return address_; }
  socklen_t address_size() const { return address_size_; }
  uint16_t channel() const { return channel_; }
  // Whether the kernel cuts one large buffer into datagrams (UDP_SEGMENT, since Linux 4.18).
  bool segments() const { return segments_; }
  void stop_segmenting() { segments_ = false; }

 private:
  UniqueFd fd_;
  sockaddr_storage address_{};
  socklen_t address_size_ = 0;
  uint16_t channel_ = 0;
  bool segments_ = false;
};

// Datagrams that wait for the socket, in order, in one piece of memory. Sent with as few system calls as the kernel allows.
class DatagramQueue {
 public:
  // Room for a datagram of at most `size` bytes at the end of the queue. Valid until the next call.
  uint8_t* reserve(size_t size);
  // The datagram in the room has this size.
  void commit(size_t size);

  enum class Flushed { ALL, SOCKET_IS_FULL, ALLOWANCE_IS_SPENT };

  // Sends what the socket takes now, until `allowance` bytes are reached or exceeded; what left is taken off it. What the kernel
  // refuses for good is dropped and counted in refused(). The rest stays.
  Flushed flush(Route& route, size_t& allowance);
  void clear();

  bool empty() const { return first_ == sizes_.size(); }
  // Bytes that wait.
  size_t bytes() const { return end_ - offset_; }
  uint64_t refused() const { return refused_; }

 private:
  // As many as one system call takes.
  static constexpr size_t MOST_MESSAGES = 32;

  // Describes the datagrams from the first one on until so many bytes are reached; returns the number of messages.
  size_t describe(Route& route, size_t most_bytes);
  void advance(size_t message);

  std::vector<uint8_t> bytes_;
  // Where the last datagram ends; what is behind it is spare room.
  size_t end_ = 0;
  std::vector<uint16_t> sizes_;
  // The first datagram that was not sent, and where it begins.
  size_t first_ = 0;
  size_t offset_ = 0;
  uint64_t refused_ = 0;

  mmsghdr messages_[MOST_MESSAGES];
  iovec buffers_[MOST_MESSAGES];
  alignas(cmsghdr) char controls_[MOST_MESSAGES][CMSG_SPACE(sizeof(uint16_t))];
  size_t segments_[MOST_MESSAGES];
};

}  // namespace mykvm
