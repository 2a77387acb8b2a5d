import { z } from 'zod';

/** A slug, or a URL that ends in one. */
export const competitionName = z.string().max(500).default('');
export const text = (most: number) => z.string().max(most).default('');
/** 0: as many as the server likes. */
export const pageSize = z.number().int().max(100_000).default(0);
export const pageToken = text(100);
/** -1: not by number. */
export const page = z.number().int().max(1_000_000).default(0);
export const nextPageToken = z.string();

/** Its methods are described by docs/kaggle.md, not by our OpenAPI document. */
export const common = { tags: ['Competitions'], hide: true } as const;
