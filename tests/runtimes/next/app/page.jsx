"use client";
// In the page itself: the client's module must be found by the bundler for browsers too.
import { ClaivClient } from "claiv-memory";

export default function Page() {
  return <p>{typeof ClaivClient}</p>;
}
