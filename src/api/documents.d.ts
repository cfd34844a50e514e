export interface ClaivClient {
  /**
   * All documents of a user, one after the other: `listDocuments` as often as it takes, a page when its first item is asked for. `limit` is the size of
   * a page, `offset` where it begins. Each page is a call of its own; an abort ends it before the next item.
   *
   * @example
   * for await (const document of claiv.documents({ user_id: "user-123" })) console.log(document.document_name);
   */
  documents(request: DocumentListRequest, options?: CallOptions): AsyncIterableIterator<DocumentListItem>;
}

/** A document to upload. */
export interface DocumentUploadRequest {
  /** Whose memory it belongs to. Not empty. */
  user_id: string;
  /**
   * The text, plain or Markdown: not empty, at most 5 MB (5242880 bytes of UTF-8). A Blob, a File or a stream is read first, as UTF-8,
   * under the limits of an attempt.
   */
  content: string | ClaivBlob | ClaivReadableStream;
  /** What citations call it. Not empty. */
  document_name: string;
  /** The project it belongs to. Not empty. */
  project_id: string;
  /** An id of yours; a document that has it already is replaced. Default: one made by the service. */
  document_id?: string | undefined;
  /** A collection to add it to. */
  collection_id?: string | undefined;
  /** Its place in that collection: a whole number, 0 or more. */
  position?: number | undefined;
}

/** A section of a document. */
export interface DocumentUploadSection {
  node_id: string;
  title: string | null;
}

/** What `uploadDocument` answers. */
export interface DocumentUploadResponse {
  document_id: string;
  document_name: string;
  project_id: string;
  collection_id: string | null;
  sections: DocumentUploadSection[];
  /** Into how many passages it was cut. */
  spans_created: number;
  /** It is distilled later; see `listDocuments`. */
  status: "processing";
}

/** Which documents to list. */
export interface DocumentListRequest {
  /** Whose. Not empty. */
  user_id: string;
  /** Only those of this project. */
  project_id?: string | undefined;
  /** Only those of this collection. */
  collection_id?: string | undefined;
  /** How many at most: a whole number, 1 or more. Default: 20. */
  limit?: number | undefined;
  /** How many to pass over: a whole number, 0 or more. Default: 0. */
  offset?: number | undefined;
}

/** How far a document has come. */
export interface DocumentStatusInfo {
  status: "processing" | "ready" | "error";
  spans_created: number;
  error_message: string | null;
}

/** A document in a list. */
export interface DocumentListItem {
  document_id: string;
  document_name: string;
  project_id: string;
  user_id: string;
  byte_size: number | null;
  created_at: string;
  collection_ids: string[];
  document_status: DocumentStatusInfo | null;
}

/** What `listDocuments` answers. */
export interface DocumentListResponse {
  documents: DocumentListItem[];
  /** How many there are in all. */
  total: number;
  limit: number;
  offset: number;
}

/** What `deleteDocument` answers. */
export interface DocumentDeleteResponse {
  deleted: boolean;
  document_id: string;
}
