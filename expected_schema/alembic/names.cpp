#include "expected_schema/alembic/names.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>

#include "expected_schema/base/text.h"

namespace driftd::alembic {

std::string qualified(const std::optional<std::string>& schema, const std::string& name) {
  if (!schema || schema->empty()) return quote_identifier(name);
  return quote_identifier(*schema) + "." + quote_identifier(name);
}

std::string quoted_list(const std::vector<std::string>& names) {
  std::string result;
  for (const std::string& name : names) {
    if (!result.empty()) result += ", ";
    result += quote_identifier(name);
  }
  return result;
}

std::string made_up_name(const std::string& name) {
  constexpr std::size_t longest = 63;
  // Characters, as Python counts them; beyond that PostgreSQL cuts by bytes itself.
  std::vector<std::size_t> starts;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if ((static_cast<unsigned char>(name[i]) & 0xC0U) != 0x80U) starts.push_back(i);
  }
  if (starts.size() <= longest) return name;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_Digest(name.data(), name.size(), digest.data(), &size, EVP_md5(), nullptr);
  return fmt::format("{}_{:02x}{:02x}", name.substr(0, starts[longest - 8]), digest[size - 2],
                     digest[size - 1]);
}

}  // namespace driftd::alembic
