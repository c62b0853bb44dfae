#include "openssl.h"

#include <dlfcn.h>

#include <string>

#include "coded_error.h"

namespace mykvm {

namespace {

template <typename Function>
void find(Function& function, const char* name) {
  function = reinterpret_cast<Function>(dlsym(RTLD_DEFAULT, name));
  if (function == nullptr) throw CodedError("ERR_NO_OPENSSL", std::string("this Node does not offer ") + name);
}

OpenSsl load() {
  OpenSsl ssl{};
  find(ssl.EVP_CIPHER_CTX_new, "EVP_CIPHER_CTX_new");
  find(ssl.EVP_CIPHER_CTX_free, "EVP_CIPHER_CTX_free");
  find(ssl.EVP_CIPHER_CTX_ctrl, "EVP_CIPHER_CTX_ctrl");
  find(ssl.EVP_EncryptInit_ex, "EVP_EncryptInit_ex");
  find(ssl.EVP_EncryptUpdate, "EVP_EncryptUpdate");
  find(ssl.EVP_EncryptFinal_ex, "EVP_EncryptFinal_ex");
  find(ssl.EVP_aes_128_ctr, "EVP_aes_128_ctr");
  find(ssl.EVP_aes_128_gcm, "EVP_aes_128_gcm");
  find(ssl.EVP_sha1, "EVP_sha1");
  find(ssl.HMAC_CTX_new, "HMAC_CTX_new");
  find(ssl.HMAC_CTX_free, "HMAC_CTX_free");
  find(ssl.HMAC_Init_ex, "HMAC_Init_ex");
  find(ssl.HMAC_Update, "HMAC_Update");
  find(ssl.HMAC_Final, "HMAC_Final");
  return ssl;
}

}  // namespace

const OpenSsl& OpenSsl::get() {
  static const OpenSsl ssl = load();
  return ssl;
}

}  // namespace mykvm
