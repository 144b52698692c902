#pragma once

#include <string>
#include <string_view>

namespace driftd {

/// SHA-256 over a sequence of texts, each with its length, so that {"ab","c"} and {"a","bc"}
/// differ. Used as a key: for the cached expected schema, for the fingerprint of a finding.
class Digest {
 public:
  Digest();
  ~Digest();
  Digest(const Digest&) = delete;
  Digest& operator=(const Digest&) = delete;

  Digest& add(std::string_view text);
  /// 64 lower-case hexadecimal digits. May be called once; afterwards nothing can be added.
  std::string hex();

 private:
  void* context_;  // EVP_MD_CTX; OpenSSL's header stays out of ours
};

/// The digest of one text: not the same as its SHA-256, for its length is a part of it.
std::string digest_of(std::string_view text);

/// As sha1sum, sha256sum and sha384sum print them. SHA-1 is for what others sealed with it.
std::string sha1_of(std::string_view text);
std::string sha256_of(std::string_view text);
std::string sha384_of(std::string_view text);

}  // namespace driftd
