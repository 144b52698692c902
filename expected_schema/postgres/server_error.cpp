#include "expected_schema/postgres/server_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "expected_schema/base/text.h"

namespace driftd {
namespace {
struct Parts {
  std::string message;
  std::string hint;
};

std::string sentence(std::string_view text) {
  std::string whole(trim(text));
  if (!whole.empty() && whole.back() != '.' && whole.back() != '?' && whole.back() != '!') {
    whole += '.';
  }
  return whole;
}

/// libpq puts two blanks after each label; the labels themselves may be translated, the order not:
/// the severity and the message (of any number of lines), then LINE, DETAIL, HINT, CONTEXT.
Parts parts_of(std::string_view rendered) {
  Parts parts;
  std::string* current = &parts.message;
  std::string ignored;
  std::string detail;
  std::string hint;
  bool first = true;
  for (const std::string& line : split(trim(rendered), '\n')) {
    std::string_view rest = line;
    const auto skip = [&](std::string_view label) {
      if (!rest.starts_with(label)) return false;
      rest.remove_prefix(label.size());
      return true;
    };
    if (first) {
      const auto severity = rest.find(":  ");
      if (severity != std::string_view::npos && rest.substr(0, severity).find(' ') == rest.npos) {
        rest.remove_prefix(severity + 3);
      }
      first = false;
    } else if (skip("DETAIL:  ")) {
      current = &detail;
    } else if (skip("HINT:  ")) {
      current = &hint;
    } else if (rest.starts_with("LINE ") || rest.starts_with("CONTEXT:  ") ||
               rest.starts_with("QUERY:  ") || rest.starts_with("LOCATION:  ") ||
               rest.starts_with("SCHEMA NAME:  ") || rest.starts_with("TABLE NAME:  ") ||
               rest.starts_with("COLUMN NAME:  ") || rest.starts_with("DATATYPE NAME:  ") ||
               rest.starts_with("CONSTRAINT NAME:  ")) {
      current = &ignored;
    }
    if (!current->empty()) *current += '\n';
    *current += rest;
  }
  parts.hint = sentence(detail);
  if (!hint.empty()) {
    if (!parts.hint.empty()) parts.hint += ' ';
    parts.hint += sentence(hint);
  }
  return parts;
}

Reason reason_of(std::string_view sqlstate, std::string_view message) {
  if (sqlstate.empty() || sqlstate.starts_with("08") || sqlstate == "57P01" ||
      sqlstate == "57P02" || sqlstate == "57P03" || sqlstate == "53300" || sqlstate == "3D000") {
    return Reason::Connect;
  }
  if (sqlstate.starts_with("28")) return Reason::Auth;
  if (sqlstate == "42501") return Reason::Permission;
  if (sqlstate == "57014" || sqlstate == "25P03" || sqlstate == "25P04") return Reason::Timeout;
  if (sqlstate == "55P03") return Reason::LockTimeout;
  // elog() of a catalogue row that is gone since the query's snapshot was taken.
  const bool row_gone =
      sqlstate == "XX000" && (message.find("cache lookup failed") != message.npos ||
                              message.find("could not open relation") != message.npos);
  if (sqlstate == "40001" || sqlstate == "40P01" || row_gone) return Reason::CatalogueChanged;
  return Reason::Query;
}

/// What to try where the server does not say.
std::string_view usual_hint(Reason reason) {
  switch (reason) {
    case Reason::Connect:
      return "Check host, port and database name, and that the server accepts connections.";
    case Reason::Auth:
      return "Check user and password, and the server's pg_hba.conf.";
    case Reason::Permission:
      return "Grant driftd's role CONNECT on the database and SELECT on the version table.";
    default:
      return {};
  }
}

bool is_sqlstate(std::string_view text) {
  return text.size() == 5 && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
         });
}
}  // namespace

Error server_error(std::string_view sqlstate, std::string_view message) {
  Parts parts = parts_of(message);
  const Reason reason = reason_of(sqlstate, parts.message);
  if (parts.hint.empty()) parts.hint = usual_hint(reason);
  Error error(reason, std::move(parts.message), std::move(parts.hint));
  error.set_sqlstate(sqlstate);
  return error;
}

Error connect_error(const std::string& whereto, std::string_view message) {
  // "FATAL:  28P01: password authentication failed", at VERBOSE; before it, since libpq 14, "
  // connection to server at ... failed: ". Without a SQLSTATE it is libpq's own message.
  std::string sqlstate;
  std::string text(trim(message));
  for (auto at = text.find(":  "); at != std::string::npos; at = text.find(":  ", at + 1)) {
    const std::string_view rest = std::string_view(text).substr(at + 3);
    if (rest.size() > 7 && rest.substr(5, 2) == ": " && is_sqlstate(rest.substr(0, 5))) {
      sqlstate = rest.substr(0, 5);
      text = rest.substr(7);
      break;
    }
  }
  Parts parts = parts_of(text);
  // libpq goes on in further lines, for each host it tried: one line for us.
  for (auto at = parts.message.find('\n'); at != std::string::npos; at = parts.message.find('\n')) {
    const auto next = parts.message.find_first_not_of("\n\t ", at);
    parts.message.replace(at, next == std::string::npos ? next : next - at, "; ");
  }
  // The client itself gives up before it says anything when it has no password.
  const bool no_password = sqlstate.empty() && text.find("no password supplied") != text.npos;
  const Reason reason = no_password ? Reason::Auth : reason_of(sqlstate, parts.message);
  if (parts.hint.empty()) parts.hint = usual_hint(reason);
  return {reason == Reason::Query ? Reason::Connect : reason,
          fmt::format("cannot connect to {}: {}", whereto, parts.message), std::move(parts.hint)};
}

}  // namespace driftd
