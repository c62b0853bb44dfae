#include "srtp_cipher.h"

#include <cstring>

#include "coded_error.h"

namespace mykvm {

namespace {

constexpr int GET_AEAD_TAG = 0x10;  // EVP_CTRL_AEAD_GET_TAG
constexpr size_t GCM_TAG_BYTES = 16;
// Of the 20 that SHA-1 has (RFC 3711 section 4.2).
constexpr size_t HMAC_TAG_BYTES = 10;
constexpr size_t HMAC_KEY_BYTES = 20;

// Labels of the key derivation (RFC 3711 section 4.3.1).
constexpr uint8_t ENCRYPTION_LABEL = 0;
constexpr uint8_t AUTHENTICATION_LABEL = 1;
constexpr uint8_t SALT_LABEL = 2;

void check(int result) {
  if (result != 1) throw CodedError("ERR_OPENSSL", "OpenSSL refused to protect a packet");
}

void xor_u32(uint8_t* at, uint32_t value) {
  at[0] ^= static_cast<uint8_t>(value >> 24);
  at[1] ^= static_cast<uint8_t>(value >> 16);
  at[2] ^= static_cast<uint8_t>(value >> 8);
  at[3] ^= static_cast<uint8_t>(value);
}

void xor_u16(uint8_t* at, uint16_t value) {
  at[0] ^= static_cast<uint8_t>(value >> 8);
  at[1] ^= static_cast<uint8_t>(value);
}

}  // namespace

SrtpCipher::CipherContext SrtpCipher::create_context(const evp_cipher_st* cipher, const uint8_t* key) {
  const OpenSsl& ssl = OpenSsl::get();
  CipherContext context(ssl.EVP_CIPHER_CTX_new());
  if (!context) throw std::bad_alloc();
  check(ssl.EVP_EncryptInit_ex(context.get(), cipher, nullptr, key, nullptr));
  return context;
}

SrtpCipher::SrtpCipher(const SrtpKeys& keys) : ssl_(OpenSsl::get()), profile_(keys.profile) {
  // A salt of 12 bytes counts as if zeros followed it (RFC 7714 section 11).
  std::array<uint8_t, 16> padded{};
  std::memcpy(padded.data(), keys.master_salt.data(), std::min<size_t>(keys.master_salt.size(), 14));
  const CipherContext master = create_context(ssl_.EVP_aes_128_ctr(), keys.master_key.data());
  // The keystream of AES-CM is the key (RFC 3711 section 4.3.3).
  const auto derive = [&](uint8_t label, uint8_t* out, size_t size) {
    std::array<uint8_t, 16> iv = padded;
    iv[7] ^= label;
    const std::array<uint8_t, HMAC_KEY_BYTES> zeros{};
    int written = 0;
    check(ssl_.EVP_EncryptInit_ex(master.get(), nullptr, nullptr, nullptr, iv.data()));
    check(ssl_.EVP_EncryptUpdate(master.get(), out, &written, zeros.data(), static_cast<int>(size)));
  };
  std::array<uint8_t, 16> key{};
  derive(ENCRYPTION_LABEL, key.data(), key.size());
  derive(SALT_LABEL, salt_.data(), salt_.size());
  const bool gcm = profile_ == SrtpProfile::AEAD_AES_128_GCM;
  cipher_ = create_context(gcm ? ssl_.EVP_aes_128_gcm() : ssl_.EVP_aes_128_ctr(), key.data());
  if (gcm) return;
  std::array<uint8_t, HMAC_KEY_BYTES> hmac_key{};
  derive(AUTHENTICATION_LABEL, hmac_key.data(), hmac_key.size());
  hmac_.reset(ssl_.HMAC_CTX_new());
  if (!hmac_) throw std::bad_alloc();
  check(ssl_.HMAC_Init_ex(hmac_.get(), hmac_key.data(), static_cast<int>(hmac_key.size()), ssl_.EVP_sha1(), nullptr));
}

size_t SrtpCipher::protect(const SrtpIndex& index, const uint8_t* packet, size_t header_size, size_t size, uint8_t* out) {
  std::memcpy(out, packet, header_size);
  return profile_ == SrtpProfile::AEAD_AES_128_GCM ? protect_gcm(index, packet, header_size, size, out)
                                                   : protect_cm(index, packet, header_size, size, out);
}

void SrtpCipher::encrypt(const uint8_t* in, size_t size, uint8_t* out) {
  int written = 0;
  check(ssl_.EVP_EncryptUpdate(cipher_.get(), out, &written, in, static_cast<int>(size)));
}

// RFC 3711 section 4.1.1 and 4.2.
size_t SrtpCipher::protect_cm(const SrtpIndex& index, const uint8_t* packet, size_t header_size, size_t size,
                              uint8_t* out) {
  std::array<uint8_t, 16> iv{};
  std::memcpy(iv.data(), salt_.data(), salt_.size());
  xor_u32(&iv[4], index.ssrc);
  xor_u32(&iv[8], index.rollover_counter);
  xor_u16(&iv[12], index.sequence_number);
  check(ssl_.EVP_EncryptInit_ex(cipher_.get(), nullptr, nullptr, nullptr, iv.data()));
  encrypt(packet + header_size, size - header_size, out + header_size);
  std::array<uint8_t, 4> rollover{};
  xor_u32(rollover.data(), index.rollover_counter);
  std::array<uint8_t, 20> digest{};
  unsigned int digest_size = 0;
  check(ssl_.HMAC_Init_ex(hmac_.get(), nullptr, 0, nullptr, nullptr));
  check(ssl_.HMAC_Update(hmac_.get(), out, size));
  check(ssl_.HMAC_Update(hmac_.get(), rollover.data(), rollover.size()));
  check(ssl_.HMAC_Final(hmac_.get(), digest.data(), &digest_size));
  std::memcpy(out + size, digest.data(), HMAC_TAG_BYTES);
  return size + HMAC_TAG_BYTES;
}

// RFC 7714 section 8.
size_t SrtpCipher::protect_gcm(const SrtpIndex& index, const uint8_t* packet, size_t header_size, size_t size,
                               uint8_t* out) {
  std::array<uint8_t, 12> iv{};
  std::memcpy(iv.data(), salt_.data(), iv.size());
  xor_u32(&iv[2], index.ssrc);
  xor_u32(&iv[6], index.rollover_counter);
  xor_u16(&iv[10], index.sequence_number);
  check(ssl_.EVP_EncryptInit_ex(cipher_.get(), nullptr, nullptr, nullptr, iv.data()));
  int written = 0;
  check(ssl_.EVP_EncryptUpdate(cipher_.get(), nullptr, &written, packet, static_cast<int>(header_size)));
  encrypt(packet + header_size, size - header_size, out + header_size);
  check(ssl_.EVP_EncryptFinal_ex(cipher_.get(), out + size, &written));
  check(ssl_.EVP_CIPHER_CTX_ctrl(cipher_.get(), GET_AEAD_TAG, static_cast<int>(GCM_TAG_BYTES), out + size));
  return size + GCM_TAG_BYTES;
}

}  // namespace mykvm
