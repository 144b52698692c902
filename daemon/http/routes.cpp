#include "daemon/http/routes.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <span>

#include "daemon/http/build_info.h"
#include "daemon/http/encoding.h"
#include "expected_schema/base/digest.h"
#include "expected_schema/base/text.h"

namespace driftd::http {
namespace {

constexpr std::string_view html = "text/html; charset=utf-8";
constexpr std::string_view json = "application/json";
constexpr std::string_view metrics_0_0_4 = "text/plain; version=0.0.4; charset=utf-8";

/// One row of the table of routes.
struct Route {
  std::string_view pattern;  ///< `{name}` at the end takes the rest of the path
  std::string_view methods;  ///< as Allow names them
  Response (*answer)(const World&, const std::string& name);
};

Response content(std::string_view type, std::string body) {
  return {.content_type = std::string(type), .body = std::move(body)};
}

std::shared_ptr<const Published> find(const World& world, const std::string& name) {
  for (const auto& published : world.published()) {
    if (published->name == name) return published;
  }
  return nullptr;
}

Response unknown_database(const std::string& name) {
  return plain_response(404, fmt::format("no database is named \"{}\"\n", valid_utf8(name)), {});
}

Response page(const World& world, const std::string&) {
  return content(html, page_html(world.published(), world.now()));
}

Response database_page(const World& world, const std::string& name) {
  const auto published = find(world, name);
  return published ? content(html, database_html(*published, world.now())) : unknown_database(name);
}

Response style(const World&, const std::string&) {
  return content("text/css; charset=utf-8", page_css());
}

Response metrics(const World& world, const std::string&) {
  return content(metrics_0_0_4, metrics_text(world.published(), world.now()) + world.own_metrics());
}

Response healthy(const World& world, const std::string&) {
  if (world.alive()) return content("text/plain; charset=utf-8", "ok\n");
  return plain_response(503, "a database has not been looked at for longer than it may take\n", {});
}

Response ready(const World& world, const std::string&) {
  if (world.ready()) return content("text/plain; charset=utf-8", "ready\n");
  return plain_response(503, "not ready yet, or about to end\n", {});
}

Response reload(const World& world, const std::string&) {
  if (!world.reload) {
    return plain_response(403, "reload by HTTP is off; --web.enable-lifecycle turns it on\n", {});
  }
  const std::string failed = world.reload();
  if (failed.empty()) return content("text/plain; charset=utf-8", "reloaded\n");
  return plain_response(500, failed + "\n", {});
}

Response all_databases(const World& world, const std::string&) {
  return content(json, json_text(world.published()));
}

Response one_database(const World& world, const std::string& name) {
  const auto published = find(world, name);
  return published ? content(json, json_text(*published)) : unknown_database(name);
}

Response status(const World& world, const std::string&) {
  boost::json::array databases;
  for (const auto& published : world.published()) {
    databases.push_back({{"name", valid_utf8(published->name)},
                         {"status", std::string(name_of(published->status()))}});
  }
  const BuildInfo build = build_info();
  const boost::json::value value{{"schema_version", 1},        {"version", build.version},
                                 {"revision", build.revision}, {"alive", world.alive()},
                                 {"ready", world.ready()},     {"databases", std::move(databases)}};
  return content(json, boost::json::serialize(value) + "\n");
}

constexpr std::string_view get = "GET, HEAD";
constexpr Route routes[] = {
    {"/", get, page},
    {"/databases/{name}", get, database_page},
    {"/style.css", get, style},
    {"/metrics", get, metrics},
    {"/-/healthy", get, healthy},
    {"/healthz", get, healthy},
    {"/livez", get, healthy},
    {"/-/ready", get, ready},
    {"/readyz", get, ready},
    {"/-/reload", "POST, PUT", reload},
    {"/api/v1/status", get, status},
    {"/api/v1/databases", get, all_databases},
    {"/api/v1/databases/{name}", get, one_database},
};

/// Whether the path is the pattern's; then `name` is what stands for {name}.
bool matches(std::string_view pattern, std::string_view path, std::string& name) {
  const auto brace = pattern.find('{');
  if (brace == std::string_view::npos) return pattern == path;
  if (!path.starts_with(pattern.substr(0, brace)) || path.size() == brace) return false;
  name = path.substr(brace);
  return true;
}

bool allows(std::string_view methods, const std::string& method) {
  const auto words = split(methods, ',');
  return std::any_of(words.begin(), words.end(),
                     [&](const std::string& word) { return trim(word) == method; });
}

std::string header(const Request& request, std::string_view name) {
  std::string result;
  for (const auto& [key, value] : request.headers) {
    if (lower(key) == name) result += (result.empty() ? "" : ", ") + value;
  }
  return result;
}

Response find_and_answer(const Request& request, const World& world) {
  const std::string path = decoded_path(request.target);
  for (const Route& route : routes) {
    std::string name;
    if (!matches(route.pattern, path, name)) continue;
    Response response;
    if (allows(route.methods, request.method)) {
      response = route.answer(world, name);
    } else {
      response = plain_response(405, fmt::format("use {}\n", route.methods), {});
      response.headers.emplace_back("Allow", route.methods);
    }
    response.handler = route.pattern;
    return response;
  }
  return plain_response(404, "there is nothing here; the first page is /\n", "unknown");
}

/// JSON and style sheets may be kept by a client as long as it asks whether they still hold.
void add_etag(const Request& request, Response& response) {
  response.headers.emplace_back("Cache-Control", "no-cache");
  const std::string etag = "\"" + digest_of(response.body).substr(0, 16) + "\"";
  response.headers.emplace_back("ETag", etag);
  for (const std::string& candidate : split(header(request, "if-none-match"), ',')) {
    std::string_view known = trim(candidate);
    if (known.starts_with("W/")) known.remove_prefix(2);
    if (known != etag && known != "*") continue;
    response.status = 304;
    response.body.clear();
    return;
  }
}

void compress(const Request& request, Response& response) {
  constexpr std::size_t worth_it = 512;
  response.headers.emplace_back("Vary", "Accept-Encoding");
  if (response.body.size() < worth_it) return;
  if (!accepts_gzip(header(request, "accept-encoding"))) return;
  response.body = gzip(response.body);
  response.headers.emplace_back("Content-Encoding", "gzip");
}

}  // namespace

Response plain_response(int status, const std::string& text, const std::string& handler) {
  return {.status = status, .body = text, .handler = handler};
}

Response route(const Request& request, const World& world) {
  Response response = find_and_answer(request, world);
  response.headers.emplace_back("Content-Security-Policy",
                                "default-src 'none'; style-src 'self'; base-uri 'none'; "
                                "form-action 'none'; frame-ancestors 'none'");
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.headers.emplace_back("Referrer-Policy", "no-referrer");
  const bool may_be_kept =
      response.status == 200 &&
      (response.content_type == json || response.content_type.starts_with("text/css"));
  if (may_be_kept) {
    add_etag(request, response);
  } else {
    response.headers.emplace_back("Cache-Control", "no-store");
  }
  compress(request, response);
  if (request.method == "HEAD") {
    response.headers.emplace_back("Content-Length", std::to_string(response.body.size()));
    response.body.clear();
  }
  return response;
}

}  // namespace driftd::http
