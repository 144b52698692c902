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

using Bytes = std::array<unsigned char, EVP_MAX_MD_SIZE>;

std::string in_hex(const Bytes& bytes, unsigned int size) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * std::size_t{size});
  for (unsigned int i = 0; i < size; ++i) {
    text += digits[bytes[i] >> 4U];
    text += digits[bytes[i] & 0xFU];
  }
  return text;
}

std::string plain(std::string_view text, const EVP_MD* algorithm) {
  Bytes bytes{};
  unsigned int size = 0;
  if (EVP_Digest(text.data(), text.size(), bytes.data(), &size, algorithm, nullptr) != 1) {
    throw std::bad_alloc();
  }
  return in_hex(bytes, size);
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
  Bytes bytes{};
  unsigned int size = 0;
  EVP_DigestFinal_ex(evp(context_), bytes.data(), &size);
  return in_hex(bytes, size);
}

std::string digest_of(std::string_view text) {
  return Digest().add(text).hex();
}

std::string sha256_of(std::string_view text) {
  return plain(text, EVP_sha256());
}

std::string sha1_of(std::string_view text) {
  return plain(text, EVP_sha1());
}

std::string sha384_of(std::string_view text) {
  return plain(text, EVP_sha384());
}

}  // namespace driftd
