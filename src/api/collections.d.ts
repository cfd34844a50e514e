export interface ClaivClient {
  /**
   * All collections of a user, one after the other: `listCollections` as often as it takes, a page when its first item is asked for. `limit` is the size of
   * a page, `offset` where it begins. Each page is a call of its own; an abort ends it before the next item.
   *
   * @example
   * for await (const collection of claiv.collections({ user_id: "user-123" })) console.log(collection.name);
   */
  collections(request: CollectionListRequest, options?: CallOptions): AsyncIterableIterator<CollectionRow>;
}

/** A collection to make. */
export interface CollectionCreateRequest {
  /** Whose it is. Not empty. */
  user_id: string;
  /** The project it belongs to. Not empty. */
  project_id: string;
  /** Not empty. */
  name: string;
  /** Whether its documents have places. Default: false. */
  ordered?: boolean | undefined;
  /** An id of yours. Default: one made by the service. */
  collection_id?: string | undefined;
}

/** A collection of documents. */
export interface CollectionRow {
  collection_id: string;
  tenant_id: string;
  user_id: string;
  project_id: string | null;
  name: string;
  ordered: boolean;
  created_at: string;
  document_count: number;
}

/** What `createCollection` answers. */
export interface CollectionCreateResponse {
  collection: CollectionRow;
}

/** Which collections to list. */
export interface CollectionListRequest {
  /** Whose. Not empty. */
  user_id: string;
  /** Only those of this project. */
  project_id?: string | undefined;
  /** How many at most: a whole number, 1 or more. Default: 100. */
  limit?: number | undefined;
  /** How many to pass over: a whole number, 0 or more. Default: 0. */
  offset?: number | undefined;
}

/** What `listCollections` answers. It has no `total`. */
export interface CollectionListResponse {
  collections: CollectionRow[];
}

/** A document in a collection. */
export interface CollectionDocument {
  document_id: string;
  document_name: string;
  /** Null where the collection has no order. */
  position: number | null;
  added_at: string;
}

/** What `getCollection` answers. */
export interface CollectionGetResponse {
  collection: CollectionRow;
  documents: CollectionDocument[];
}

/** A document to add to a collection. */
export interface CollectionAddDocumentRequest {
  /** As `uploadDocument` gave it. Not empty. */
  document_id: string;
  /** Whose it is. Not empty. */
  user_id: string;
  /** Its place: a whole number, 0 or more. */
  position?: number | undefined;
}

/** What `deleteCollection` answers. */
export interface CollectionDeleteResponse {
  deleted: boolean;
  collection_id: string;
}

/** What `addDocumentToCollection` answers. */
export interface CollectionAddDocumentResponse {
  added: boolean;
  collection_id: string;
  document_id: string;
}

/** What `removeDocumentFromCollection` answers. */
export interface CollectionRemoveDocumentResponse {
  removed: boolean;
  collection_id: string;
  document_id: string;
}
