import HTTPTypes
import Hummingbird
import Mustache
import NIOCore

/// The templates of `Resources`.
struct Templates: Sendable {
    /// Read with the first page: a server at which nobody looks needs no memory for them. A test renders them all.
    private static let library = Result { () throws -> MustacheLibrary in
        var templates: [String: MustacheTemplate] = [:]
        for (name, bytes) in sources {
            templates[name] = try MustacheTemplate(string: String(decoding: bytes, as: UTF8.self))
        }
        return MustacheLibrary(templates: templates)
    }

    /// What a template sees: `chrome` is around the page, `page` is what the page shows.
    private struct Shown {
        let chrome: Chrome
        let page: Any
    }

    /// The HTML of a page or of a part of one.
    func render(_ template: String, _ chrome: Chrome, _ page: Any) -> String? {
        (try? Self.library.get())?
            .render(Shown(chrome: chrome, page: page), withTemplate: template)
    }

    /// A page as an answer.
    func response(
        _ template: String, _ chrome: Chrome, _ page: Any, status: HTTPResponse.Status
    ) -> Response {
        guard let html = render(template, chrome, page) else {
            return Response(status: .internalServerError)
        }
        return Response(
            status: status, headers: [.contentType: "text/html; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
    }
}
