#pragma once

#include <cstddef>

// OpenSSL's own names, opaque here.
struct evp_cipher_ctx_st;
struct evp_cipher_st;
struct evp_md_st;
struct engine_st;
struct hmac_ctx_st;

namespace mykvm {

// The few functions of OpenSSL (1.1 and later) that SRTP needs, taken from the process: Node brings OpenSSL along, in itself
// or as a shared library, so that the addon needs neither its headers nor a copy of it.
struct OpenSsl {
  evp_cipher_ctx_st* (*EVP_CIPHER_CTX_new)();
  void (*EVP_CIPHER_CTX_free)(evp_cipher_ctx_st*);
  int (*EVP_CIPHER_CTX_ctrl)(evp_cipher_ctx_st*, int type, int argument, void* pointer);
  int (*EVP_EncryptInit_ex)(evp_cipher_ctx_st*, const evp_cipher_st*, engine_st*, const unsigned char* key,
                            const unsigned char* iv);
  int (*EVP_EncryptUpdate)(evp_cipher_ctx_st*, unsigned char* out, int* out_size, const unsigned char* in, int in_size);
  int (*EVP_EncryptFinal_ex)(evp_cipher_ctx_st*, unsigned char* out, int* out_size);
  const evp_cipher_st* (*EVP_aes_128_ctr)();
  const evp_cipher_st* (*EVP_aes_128_gcm)();
  const evp_md_st* (*EVP_sha1)();
  hmac_ctx_st* (*HMAC_CTX_new)();
  void (*HMAC_CTX_free)(hmac_ctx_st*);
  int (*HMAC_Init_ex)(hmac_ctx_st*, const void* key, int key_size, const evp_md_st*, engine_st*);
  int (*HMAC_Update)(hmac_ctx_st*, const unsigned char* bytes, size_t size);
  int (*HMAC_Final)(hmac_ctx_st*, unsigned char* digest, unsigned int* digest_size);

  // Found once. Throws CodedError ERR_NO_OPENSSL when this Node does not offer one of them.
  static const OpenSsl& get();
};

}  // namespace mykvm
