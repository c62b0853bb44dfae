#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "openssl.h"

namespace mykvm {

// The profiles that WebRTC ends must and should have (RFC 8827 section 6.5, RFC 7714).
enum class SrtpProfile { AES_CM_128_HMAC_SHA1_80, AEAD_AES_128_GCM };

struct SrtpKeys {
  SrtpProfile profile;
  std::array<uint8_t, 16> master_key;
  // 14 bytes, of AEAD_AES_128_GCM 12.
  std::vector<uint8_t> master_salt;
};

// What one packet is protected under. Never the same twice with different bytes: it would break AES-GCM (RFC 7714 section 8.2)
// and the keystream of AES-CM.
struct SrtpIndex {
  uint32_t ssrc;
  uint32_t rollover_counter;
  uint16_t sequence_number;
};

// Protects RTP packets with the sender's keys of one DTLS association (RFC 3711, RFC 7714), key derivation rate 0. Used by one
// thread at a time.
class SrtpCipher {
 public:
  // By how much protect() lengthens a packet at most.
  static constexpr size_t MOST_OVERHEAD = 16;

  // Throws CodedError ERR_NO_OPENSSL, or ERR_OPENSSL when a key is refused.
  explicit SrtpCipher(const SrtpKeys& keys);

  // Protects a packet of `size` bytes, of which the first `header_size` stay readable, into `out`. Returns the new size.
  // Throws CodedError ERR_OPENSSL.
  size_t protect(const SrtpIndex& index, const uint8_t* packet, size_t header_size, size_t size, uint8_t* out);

 private:
  struct FreeCipher {
    void operator()(evp_cipher_ctx_st* context) const { OpenSsl::get().EVP_CIPHER_CTX_free(context); }
  };
  struct FreeHmac {
    void operator()(hmac_ctx_st* context) const { OpenSsl::get().HMAC_CTX_free(context); }
  };
  using CipherContext = std::unique_ptr<evp_cipher_ctx_st, FreeCipher>;

  static CipherContext create_context(const evp_cipher_st* cipher, const uint8_t* key);
  void encrypt(const uint8_t* in, size_t size, uint8_t* out);
  size_t protect_cm(const SrtpIndex& index, const uint8_t* packet, size_t header_size, size_t size, uint8_t* out);
  size_t protect_gcm(const SrtpIndex& index, const uint8_t* packet, size_t header_size, size_t size, uint8_t* out);

  const OpenSsl& ssl_;
  const SrtpProfile profile_;
  std::array<uint8_t, 14> salt_{};
  CipherContext cipher_;
  std::unique_ptr<hmac_ctx_st, FreeHmac> hmac_;
};

}  // namespace mykvm
