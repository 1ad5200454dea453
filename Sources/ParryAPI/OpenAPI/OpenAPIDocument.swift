import HTTPTypes
import ParryWire

/// The OpenAPI 3.1 document of one version of the API, made from the endpoints' own declarations.
enum OpenAPIDocument {
    /// The document's bytes.
    ///
    /// - Parameter version: The first part of the paths, `v1` or `v2`.
    static func make(_ version: String, of all: [Endpoint]) -> [UInt8] {
        let endpoints = all.filter { $0.path.hasPrefix("/\(version)/") }
        var json = JSONWriter(capacity: 1 << 18)
        json.object { json in
            json.field("openapi", "3.1.0")
            json.object("info") { writeInfo(version, to: &$0) }
            json.array("servers") { $0.object { $0.field("url", "/") } }
            json.array("security") { $0.object { $0.strings("apiKey", []) } }
            json.array("tags") { json in
                for tag in tags(of: endpoints) {
                    json.object {
                        $0.field("name", tag)
                        $0.field("description", Glossary.meaning(ofTag: tag))
                    }
                }
            }
            json.object("paths") { writePaths(of: endpoints, to: &$0) }
            ComponentsWriter.write(endpoints, to: &json)
        }
        return json.bytes
    }

    private static func writeInfo(_ version: String, to json: inout JSONWriter) {
        json.field("title", "Parry API, \(version)")
        json.field("version", version)
        json.field("summary", "Chargeback alerts: enrol merchants, upload orders, action alerts.")
        json.field("description", Glossary.introduction)
        json.object("license") {
            $0.field("name", "Apache-2.0")
            $0.field("identifier", "Apache-2.0")
        }
    }

    private static func tags(of endpoints: [Endpoint]) -> [String] {
        var tags: [String] = []
        for endpoint in endpoints where !tags.contains(endpoint.tag) { tags.append(endpoint.tag) }
        // What there is first, what can be made up last.
        return tags.filter { $0 != "simulate" } + tags.filter { $0 == "simulate" }
    }

    private static func writePaths(of endpoints: [Endpoint], to json: inout JSONWriter) {
        var paths: [String] = []
        for endpoint in endpoints where !paths.contains(endpoint.path) {
            paths.append(endpoint.path)
        }
        for path in paths {
            json.object(path) { json in
                for endpoint in endpoints where endpoint.path == path {
                    json.object(endpoint.method.rawValue.lowercased()) {
                        OperationWriter(endpoint: endpoint, all: endpoints).write(to: &$0)
                    }
                }
            }
        }
    }
}

extension Endpoint {
    /// Under which heading it stands: the resource it is about.
    var tag: String { (segments.first ?? "").replacing("-", with: "_") }

    /// Its name in programs: a verb and the resource, unique in a document.
    var operationID: String {
        let resource = segments.last ?? ""
        let owners = segments.dropLast().map(Self.singular)
        let name = (owners + [resource]).joined(separator: "_").replacing("-", with: "_")
        if segments.first == "simulate" {
            return (method == .get ? "get_" : "") + Self.singular(name)
        }
        // `/v1/webhook-endpoints/{webhook_endpoint_id}/rotate-secret` is a verb of its own.
        if let verb = action {
            return verb + "_" + owners.joined(separator: "_").replacing("-", with: "_")
        }
        switch method {
        case .get: return operation.isList ? "list_" + name : "get_" + Self.singular(name)
        case .put: return "set_" + Self.singular(name)
        case .post: return "create_" + (operation.isBatch ? name : Self.singular(name))
        case .patch: return "update_" + Self.singular(name)
        default: return "delete_" + Self.singular(name)
        }
    }

    /// What a path that is not a resource's asks to be done.
    private var action: String? {
        guard method == .post, pathParameters.count == 1, let last = segments.last,
            !last.hasSuffix("s")
        else { return nil }
        return last.replacing("-", with: "_")
    }

    /// The path's words without the version and the parameters.
    private var segments: [String] {
        path.split(separator: "/").dropFirst().filter { !$0.hasPrefix("{") }.map(String.init)
    }

    /// `ruleset_rule` of `rulesets_rules`.
    private static func singular(_ name: String) -> String {
        if name.hasSuffix("ies") { return name.dropLast(3) + "y" }
        return String(name.hasSuffix("s") ? name.dropLast() : name[...])
    }
}

extension Operation {
    var isList: Bool {
        if case .list = answer { true } else { false }
    }

    var isBatch: Bool {
        if case .batch = body { true } else { false }
    }
}
