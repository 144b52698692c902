#include "expected_schema/base/digest.h"

#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <new>

namespace driftd {
namespace {
EVP_MD_CTX* evp(void* context) {
  return static_cast<EVP_MD_CTX*>(context);
}
}  // namespace

Digest::Digest() : context_(EVP_MD_CTX_new()) {
  if (context_ == nullptr || EVP_DigestInit_ex(evp(context_), EVP_sha256(), nullptr) != 1) {
    EVP_MD_CTX_free(evp(context_));
    throw std::bad_alloc();
  }
}

Digest::~Digest() {
  EVP_MD_CTX_free(evp(context_));
}

Digest& Digest::add(std::string_view text) {
  const std::uint64_t size = text.size();
  EVP_DigestUpdate(evp(context_), &size, sizeof size);
  EVP_DigestUpdate(evp(context_), text.data(), text.size());
  return *this;
}

std::string Digest::hex() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned int size = 0;
  EVP_DigestFinal_ex(evp(context_), bytes.data(), &size);
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * size);
  for (unsigned int i = 0; i < size; ++i) {
    text += digits[bytes[i] >> 4U];
    text += digits[bytes[i] & 0xFU];
  }
  return text;
}

std::string digest_of(std::string_view text) {
  return Digest().add(text).hex();
}

}  // namespace driftd
