#include "daemon/settings/expand.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>

#include "expected_schema/base/text.h"

namespace driftd {
namespace {

bool is_variable_name(std::string_view name) {
  const auto word = [](char c) { return c == '_' || std::isalnum(static_cast<unsigned char>(c)); };
  return !name.empty() && !std::isdigit(static_cast<unsigned char>(name.front())) &&
         std::all_of(name.begin(), name.end(), word);
}

constexpr std::string_view secret = "<secret>";

bool is_secret_parameter(std::string_view name) {
  return name == "password" || name == "sslpassword" || name == "oauth_client_secret";
}

std::string redact_uri(std::string text) {
  const auto authority = text.find("://") + 3;
  const auto authority_end = std::min(text.find_first_of("/?", authority), text.size());
  // The last @ before the path: a password may hold one that nobody encoded.
  const auto at = text.rfind('@', authority_end);
  if (at != std::string::npos && at >= authority) {
    const auto colon = text.find(':', authority);
    if (colon < at) text.replace(colon + 1, at - colon - 1, secret);
  }
  auto parameter = text.find('?');
  while (parameter != std::string::npos) {
    const auto begin = parameter + 1;
    const auto end = std::min(text.find('&', begin), text.size());
    const auto equals = text.find('=', begin);
    if (equals < end && is_secret_parameter(text.substr(begin, equals - begin))) {
      text.replace(equals + 1, end - equals - 1, secret);
    }
    parameter = text.find('&', begin);
  }
  return text;
}

/// `keyword = value` pairs; a value may be quoted by ' and escaped by backslash.
std::string redact_keywords(const std::string& text) {
  std::string result;
  std::size_t i = 0;
  const auto skip_blank = [&] {
    while (i < text.size() && std::isspace(static_cast<unsigned char>(text[i]))) ++i;
  };
  for (skip_blank(); i < text.size(); skip_blank()) {
    const auto key_begin = i;
    while (i < text.size() && text[i] != '=' &&
           !std::isspace(static_cast<unsigned char>(text[i]))) {
      ++i;
    }
    const std::string key = text.substr(key_begin, i - key_begin);
    skip_blank();
    // Not a conninfo: what it is nobody knows, so nothing of it is shown.
    if (i == text.size() || text[i] != '=') return std::string(secret);
    ++i;
    skip_blank();
    const auto value_begin = i;
    const bool quoted = i < text.size() && text[i] == '\'';
    if (quoted) ++i;
    while (i < text.size()) {
      const char c = text[i];
      if (quoted ? c == '\'' : std::isspace(static_cast<unsigned char>(c)) != 0) break;
      i += c == '\\' && i + 1 < text.size() ? 2U : 1U;
    }
    if (quoted && i < text.size()) ++i;
    if (!result.empty()) result += ' ';
    result += key + "=";
    result +=
        is_secret_parameter(key) ? std::string(secret) : text.substr(value_begin, i - value_begin);
  }
  return result;
}

}  // namespace

std::string expand_environment(const std::string& text, std::vector<std::string>& mistakes) {
  std::string result;
  std::size_t i = 0;
  while (i < text.size()) {
    if (text.compare(i, 3, "$${") == 0) {
      result += "${";
      i += 3;
      continue;
    }
    if (text.compare(i, 2, "${") != 0) {
      result += text[i++];
      continue;
    }
    const auto close = text.find('}', i);
    if (close == std::string::npos) {
      mistakes.push_back("\"${\" has no closing brace; write $${ for the characters themselves");
      return result;
    }
    const std::string inner = text.substr(i + 2, close - i - 2);
    i = close + 1;
    const auto fallback = inner.find(":-");
    const std::string name = inner.substr(0, fallback);
    if (!is_variable_name(name)) {
      mistakes.push_back(fmt::format("\"{}\" is no name of an environment variable", name));
      continue;
    }
    const char* value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe)
    if (fallback != std::string::npos) {
      result += value != nullptr && *value != '\0' ? value : inner.substr(fallback + 2);
    } else if (value != nullptr) {
      result += value;
    } else {
      mistakes.push_back(fmt::format(
          "the environment variable {0} is not set; write ${{{0}:-default}} to allow that", name));
    }
  }
  return result;
}

std::string escape_expansion(const std::string& text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.compare(i, 2, "${") == 0) result += '$';
    result += text[i];
  }
  return result;
}

std::string redact_conninfo(const std::string& conninfo) {
  // A password may hold "://": only what begins like a scheme is a URI.
  const auto scheme = conninfo.find("://");
  if (scheme != std::string::npos && conninfo.find_first_of("= \t'") > scheme) {
    return redact_uri(conninfo);
  }
  return redact_keywords(conninfo);
}

}  // namespace driftd
