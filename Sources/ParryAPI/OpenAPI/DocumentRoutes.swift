import HTTPTypes
import Hummingbird
import NIOCore

/// `/v1/openapi.json`, `/v1/docs` and the same of v2: open to everybody, made once at start, and nothing
/// in them is fetched from elsewhere.
struct DocumentRoutes {
    let endpoints: [Endpoint]

    static let versions = ["v1", "v2"]

    func add(to router: Router<APIContext>) {
        for version in Self.versions {
            let document = OpenAPIDocument.make(version, of: endpoints)
            serve(document, "application/json", at: "/\(version)/openapi.json", router)
            serve(
                DocsPage.make(of: document), "text/html; charset=utf-8", at: "/\(version)/docs",
                router)
        }
        serve(
            Array(DocsAssets.style.utf8), "text/css; charset=utf-8", at: "/docs/style.css", router)
        serve(
            Array(DocsAssets.search.utf8), "text/javascript; charset=utf-8", at: "/docs/search.js",
            router)
    }

    private func serve(
        _ bytes: [UInt8], _ type: String, at path: String, _ router: Router<APIContext>
    ) {
        let headers: HTTPFields = [
            .contentType: type, .cacheControl: "public, max-age=300",
            .contentSecurityPolicy: "default-src 'none'; style-src 'self'; script-src 'self'; "
                + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            .xContentTypeOptions: "nosniff",
        ]
        let buffer = ByteBuffer(bytes: bytes)
        router.on(RouterPath(path), method: .get) { _, _ in
            Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: buffer))
        }
    }
}
